"""Every way in: REST, web pages, command line, worker."""
