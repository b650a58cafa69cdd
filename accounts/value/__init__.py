"""What accounts are worth: `fit` makes parameters of their past, `value_accounts` uses them."""
