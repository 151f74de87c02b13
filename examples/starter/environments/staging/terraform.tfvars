vpc_cidr                = "10.20.0.0/16"
availability_zone_count = 2
nat                     = "single"

web_instance = { type = "t3.micro" }
web_capacity = { min = 2, max = 4, desired = 2 }
