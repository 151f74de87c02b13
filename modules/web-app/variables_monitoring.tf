variable "alarms" {
  description = <<-EOT
    When CloudWatch raises an alarm, which takes three bad minutes of five.
    kinds: which alarms there are; by default all where topic_arns has any, else none.
    target_5xx, alb_5xx: answers of the application, and of the load balancer itself, with such a code in a minute. latency_seconds: of 95 percent of the requests. unhealthy_hosts: instances. An alarm is raised above these.
    topic_arns: SNS topics that are told of an alarm and of its end; how many must be known at plan, the ARNs need not.
    combined: whether one composite alarm tells them, in place of each for itself.
    launch_failure_topic_arns: SNS topics that are told when an instance cannot start or end, by a name of your choice.
  EOT
  type = object({
    kinds                     = optional(set(string))
    target_5xx                = optional(number, 10)
    alb_5xx                   = optional(number, 10)
    latency_seconds           = optional(number, 1)
    unhealthy_hosts           = optional(number, 0)
    topic_arns                = optional(list(string), [])
    combined                  = optional(bool, false)
    launch_failure_topic_arns = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.alarms.kinds == null || try(length(setsubtract(var.alarms.kinds, ["target_5xx", "alb_5xx", "latency", "unhealthy_hosts"])) == 0, false)
    error_message = "The alarms.kinds may hold \"target_5xx\", \"alb_5xx\", \"latency\" and \"unhealthy_hosts\" only."
  }

  validation {
    condition = alltrue([
      for threshold in [var.alarms.target_5xx, var.alarms.alb_5xx, var.alarms.latency_seconds, var.alarms.unhealthy_hosts] : threshold >= 0
    ])
    error_message = "The alarms.target_5xx, alb_5xx, latency_seconds and unhealthy_hosts must not be negative; leave an alarm out of alarms.kinds to have none."
  }

  validation {
    condition     = alltrue([for arn in concat(var.alarms.topic_arns, values(var.alarms.launch_failure_topic_arns)) : can(regex("^arn:[a-z-]+:sns:", arn))])
    error_message = "Each of alarms.topic_arns and alarms.launch_failure_topic_arns must be the ARN of an SNS topic."
  }
}

variable "dashboard" {
  description = "Whether there is a CloudWatch dashboard of requests, errors, latency, instances and CPU; AWS charges for more than three in an account."
  type        = bool
  default     = false
  nullable    = false
}
