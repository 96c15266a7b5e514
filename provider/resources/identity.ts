import * as pulumi from "@pulumi/pulumi";

/**
 * Who asks: owner, organisation and URN. The engine tells the handlers none of it. `tpns:owner` tells apart those who
 * use the same organisation, project and stack names on different backends.
 */
export function identityOf(type: string, name: string, options: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const owner = new pulumi.Config("tpns").get("owner") ?? "";
  const urn = withoutDependencies(pulumi.createUrn(name, type, options.parent));
  return pulumi.interpolate`${owner}|${pulumi.getOrganization()}|${urn}`;
}

/** What depends on a component waits for all its children, and a child that waited for itself would never be registered. */
const withoutDependencies = (urn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.output(new Promise<string>((resolve) => void urn.apply(resolve)));
