"""What a person is shown beside what was read: the paper's own."""
