"""Accounts that look like one: found by place and name, and merged when somebody says so."""
