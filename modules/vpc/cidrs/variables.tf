variable "cidr" {
  description = "IPv4 range of the VPC, from /16 to /24."
  type        = string
  nullable    = false
}

variable "zones" {
  description = "Names of the availability zones; the last letter, a to h, is the slot."
  type        = set(string)
  nullable    = false
}

variable "tiers" {
  description = "Tiers beside public, private and data: name to slot, 0 to 3."
  type        = map(number)
  default     = {}
  nullable    = false
}

variable "reserved_cidrs" {
  description = "IPv4 ranges that the VPC must not overlap with."
  type        = set(string)
  default     = []
  nullable    = false
}
