"""Programs for developers that are neither product nor test."""
