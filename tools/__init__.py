"""What makes and checks this repository; nothing of it is part of the product."""
