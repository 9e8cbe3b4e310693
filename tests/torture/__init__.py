"""What the store must outlive: kills, full disks, corruption, long use. `make torture` prints what it survived."""
