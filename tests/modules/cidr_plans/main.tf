# Many plans of ranges at once, each by the part of the vpc module that makes them.
variable "examples" {
  description = "What is planned, by a key of its own."
  type = map(object({
    cidr           = string
    zones          = set(string)
    tiers          = map(number)
    reserved_cidrs = set(string)
  }))
}

module "plans" {
  source   = "../../../modules/vpc/cidrs"
  for_each = var.examples

  cidr           = each.value.cidr
  zones          = each.value.zones
  tiers          = each.value.tiers
  reserved_cidrs = each.value.reserved_cidrs
}

output "plans" {
  description = "What the module answers, by the key of the example."
  value       = module.plans
}
