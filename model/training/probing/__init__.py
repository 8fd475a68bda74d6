"""What is tried before a training: how long it will take, and which learning rate suits it."""
