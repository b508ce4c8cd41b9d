"""Tests of the virtio transports and the block driver."""
