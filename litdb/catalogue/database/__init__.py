"""The database itself: schema, transactions, locks, migrations, where it lies."""
