"""What a training runs on: processes, devices, precision, the lock of its folder, and when it must stop."""
