locals {
  # Put together by hand: AWS wants the version 0.0, and jsonencode writes that as 0.
  appspecs = {
    for name, resources in local.appspec_resources : name => "{\"version\":0.0,\"Resources\":${jsonencode(resources)}}"
  }

  appspec_resources = {
    for name, service in local.blue_green : name => [{
      TargetService = {
        Type = "AWS::ECS::Service"
        Properties = merge(local.appspec_strategies[name], {
          TaskDefinition   = aws_ecs_task_definition.this[name].arn
          LoadBalancerInfo = { ContainerName = name, ContainerPort = service.ports[service.load_balancer.port] }
          NetworkConfiguration = {
            AwsvpcConfiguration = {
              Subnets        = var.subnet_ids
              SecurityGroups = [aws_security_group.service[name].id]
              AssignPublicIp = "DISABLED"
            }
          }
        })
      }
    }]
  }

  # Left out where the service has a launch type.
  appspec_strategies = {
    for name in keys(local.blue_green) : name => {
      for key, strategy in {
        CapacityProviderStrategy = [
          for provider, share in local.strategies[name] : { CapacityProvider = provider, Weight = share.weight, Base = share.base }
        ]
      } : key => strategy if length(strategy) > 0
    }
  }
}
