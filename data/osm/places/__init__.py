"""Addresses, streets, places, businesses and areas."""
