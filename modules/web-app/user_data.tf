# With secrets, user data is a MIME message: a boothook, which runs before everything else and at each
# boot, writes the file of ARNs; instance.user_data follows as it is. Values never pass through here.
locals {
  boothook = <<-EOT
    #cloud-boothook
    #!/bin/sh
    mkdir -p /etc/web-app
    cat > /etc/web-app/secrets.env <<'END'
    ${join("\n", [for name, arn in var.secret_arns : "${name}=${arn}"])}
    END
  EOT

  # In Base64, so that no text can look like the boundary and other alphabets stay whole.
  parts = merge(
    { "1-secrets" = { type = "text/cloud-boothook", text = local.boothook } },
    var.instance.user_data == "" ? {} : { "2-user-data" = { type = "text/plain", text = var.instance.user_data } },
  )

  message = join("\n", concat(
    ["Content-Type: multipart/mixed; boundary=\"-part-\"", "MIME-Version: 1.0", ""],
    flatten([
      for part in values(local.parts) : [
        "---part-",
        "Content-Type: ${part.type}; charset=\"utf-8\"",
        "Content-Transfer-Encoding: base64",
        "",
        base64encode(part.text),
      ]
    ]),
    ["---part---", ""],
  ))

  user_data = length(var.secret_arns) == 0 ? var.instance.user_data : local.message
}
