"""What both providers' OAuth share: the request, the consent page, codes and tokens."""
