# The AppSpec holds ARNs that only an apply tells, and the emulator has no CodeDeploy to apply: so it is
# applied to a mock of the provider.
mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mock" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/mock/0123456789abcdef" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/shop-web:7" }
  }

  mock_resource "aws_security_group" {
    defaults = { id = "sg-00000000000000001" }
  }
}

run "codedeploy_gets_the_new_task_definition" {
  variables {
    name       = "shop"
    vpc_id     = "vpc-0123456789abcdef0"
    subnet_ids = ["subnet-0000000000000000a"]

    listeners = {
      public = {
        arn               = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/0123456789abcdef/fedcba9876543210"
        security_group_id = "sg-0123456789abcdef0"
      }
    }

    services = {
      web = {
        image              = "public.ecr.aws/docker/library/busybox:1.37"
        ports              = { http = 8080 }
        capacity_providers = { FARGATE_SPOT = { weight = 2 } }
        load_balancer      = { listener = "public", rules = { all = { priority = 1, paths = ["/*"] } } }
        deployment         = { type = "blue_green", traffic = { type = "all_at_once" } }
      }
    }
  }

  assert {
    condition     = startswith(output.appspecs["web"], "{\"version\":0.0,")
    error_message = "CodeDeploy takes no version but 0.0."
  }

  assert {
    condition = jsondecode(output.appspecs["web"]).Resources[0].TargetService == {
      Type = "AWS::ECS::Service"
      Properties = {
        TaskDefinition           = "arn:aws:ecs:us-east-1:123456789012:task-definition/shop-web:7"
        LoadBalancerInfo         = { ContainerName = "web", ContainerPort = 8080 }
        CapacityProviderStrategy = [{ CapacityProvider = "FARGATE_SPOT", Weight = 2, Base = 0 }]
        NetworkConfiguration = {
          AwsvpcConfiguration = { Subnets = ["subnet-0000000000000000a"], SecurityGroups = ["sg-00000000000000001"], AssignPublicIp = "DISABLED" }
        }
      }
    }
    error_message = "The AppSpec is another: ${output.appspecs["web"]}"
  }

  assert {
    condition     = output.deployment_groups["web"] == { application = "shop-web", deployment_group = "web" }
    error_message = "A pipeline needs the names of the application and the deployment group."
  }
}
