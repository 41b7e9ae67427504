"""Pictures: what somebody uploads, checked, cleaned of what it should not tell, and made into sizes for pages."""
