"""Device drivers: each finds its device, bounds every wait and offers one of `kernel.interfaces`."""
