"""What brings numbers in: papers, results by hand, files of scores, run folders. Each is one transaction."""
