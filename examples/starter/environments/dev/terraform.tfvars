vpc_cidr                = "10.10.0.0/16"
availability_zone_count = 2
nat                     = "single"

web_instance = { type = "t3.micro" }
web_capacity = { min = 1, max = 2, desired = 1 }
