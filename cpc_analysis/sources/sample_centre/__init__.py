"""The generator of the sample centre: a seeded, fictitious Nordic retailer with known truths put into it."""
