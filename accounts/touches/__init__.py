"""What calls and visits take, cost and bring: per channel, account and segment."""
