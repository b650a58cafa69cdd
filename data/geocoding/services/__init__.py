"""
Geocoders elsewhere, asked only where a setting names one.

Nominatim, Photon and Google through geopy, behind one protocol. What they answer is judged before
it is believed: see `judging`.
"""

from data.geocoding.services.opening import ServiceConfig, open_service
from data.geocoding.services.service import GeocodingService

__all__ = ["GeocodingService", "ServiceConfig", "open_service"]
