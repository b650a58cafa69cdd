"""What a column can be."""

from enum import StrEnum


class Field(StrEnum):
    """A fact of an account, as a column of a file has it."""

    EXTERNAL_ID = "external_id"
    NAME = "name"
    STATUS = "status"
    SEGMENT = "segment"
    REVENUE = "revenue"
    POTENTIAL = "potential"
    CURRENCY = "currency"
    STREET = "street"
    HOUSE_NUMBER = "house_number"
    POSTCODE = "postcode"
    TOWN = "town"
    COUNTRY = "country"
    ADDRESS = "address"
    LON = "lon"
    LAT = "lat"
    POSITION = "position"
    LOCATION_LEVEL = "location_level"
    OPENING_HOURS = "opening_hours"
    SERVICE_DURATION = "service_duration"
    SERVICE_DURATION_S = "service_duration_s"
    VISIT_INTERVAL = "visit_interval"
    VISITS_PER_YEAR = "visits_per_year"
    NOTES = "notes"
    OWNER = "owner"
    CONTACT_FIRST_NAME = "contact_first_name"
    CONTACT_NAME = "contact_name"
    CONTACT_ROLE = "contact_role"
    CONTACT_EMAIL = "contact_email"
    CONTACT_PHONE = "contact_phone"
    CONTACTS = "contacts"


NEEDED = (Field.EXTERNAL_ID, Field.NAME)
"""Without a column for each there is no import."""

CONTRADICTIONS = (
    (Field.LON, Field.POSITION),
    (Field.LAT, Field.POSITION),
    (Field.SEGMENT, Field.REVENUE),
    (Field.ADDRESS, Field.STREET),
    (Field.ADDRESS, Field.TOWN),
    (Field.SERVICE_DURATION, Field.SERVICE_DURATION_S),
    (Field.VISIT_INTERVAL, Field.VISITS_PER_YEAR),
    (Field.CONTACT_NAME, Field.CONTACTS),
)
"""Two that would say the same thing."""

TITLES: dict[Field, str] = {
    Field.EXTERNAL_ID: "Id in the other system",
    Field.NAME: "Name",
    Field.STATUS: "Status: prospect, customer or inactive",
    Field.SEGMENT: "Segment, by its name",
    Field.REVENUE: "Yearly revenue, which tells the segment",
    Field.POTENTIAL: "Potential: what the account could buy in a year",
    Field.CURRENCY: "Currency of the potential",
    Field.STREET: "Street, with or without the house number",
    Field.HOUSE_NUMBER: "House number",
    Field.POSTCODE: "Postcode",
    Field.TOWN: "Town",
    Field.COUNTRY: "Country, name or code",
    Field.ADDRESS: "Whole address in one column",
    Field.LON: "Longitude",
    Field.LAT: "Latitude",
    Field.POSITION: "Position as [lon, lat]",
    Field.LOCATION_LEVEL: "How exactly the position is known",
    Field.OPENING_HOURS: "Opening hours",
    Field.SERVICE_DURATION: "Usual time of a visit, in minutes unless it says otherwise",
    Field.SERVICE_DURATION_S: "Usual time of a visit, in seconds",
    Field.VISIT_INTERVAL: "Time between visits, in days unless it says otherwise",
    Field.VISITS_PER_YEAR: "Visits a year",
    Field.NOTES: "Notes",
    Field.OWNER: "Id of the owner in the other system",
    Field.CONTACT_FIRST_NAME: "First name of the main contact",
    Field.CONTACT_NAME: "Name of the main contact",
    Field.CONTACT_ROLE: "Role of the main contact",
    Field.CONTACT_EMAIL: "E-mail of the main contact",
    Field.CONTACT_PHONE: "Telephone of the main contact",
    Field.CONTACTS: "Contacts, as a list in JSON",
}
