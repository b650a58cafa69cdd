"""
Geocoders elsewhere, asked only where a setting names one.

Nominatim, Photon and Google through geopy, behind one protocol. What they answer is judged before
it is believed: see `judging`.
"""

from data.geocoding.services.opening import PUBLIC_URLS, ServiceConfig, open_service
from data.geocoding.services.remembering import RememberingService
from data.geocoding.services.service import GeocodingService

__all__ = [
    "PUBLIC_URLS",
    "GeocodingService",
    "RememberingService",
    "ServiceConfig",
    "open_service",
]
