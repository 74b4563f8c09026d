"""The promises: what personal data there is, and later requests, holds, deletion and proof."""
