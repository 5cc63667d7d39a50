"""Which settings trade response against load best."""
