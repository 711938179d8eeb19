"""The REST interface under ``/api/v1``, health, metrics and the demonstration PKI."""
