"""What can be done with contacts and companies, one verb a module."""
