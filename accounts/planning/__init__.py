"""What will be sold in a period, and what a change would be worth before it is made."""
