/** Which keys and Secrets of AuthenticationPolicies a world does not have, and why: what they would say is taken as right. */
import type { Unread } from "@waystone/waypoint/explain/assume-unread";
import type { World } from "./world.ts";

export function unreadCredentials({ sources, whyUnread }: World): Unread {
  const specOf = (policy: string) => {
    const [, namespace = "", name = ""] = policy.split("/");
    const spec = sources.authenticationPolicies.get(`${namespace}/${name}`)?.object.spec;
    return { namespace, spec };
  };
  return {
    keysOf(policy, provider) {
      const { namespace, spec } = specOf(policy);
      const found = spec?.jwt?.providers.find(({ name }) => name === provider);
      const configMap = found?.jwks.configMapRef?.name;
      return configMap === undefined ? undefined : whyUnread("ConfigMap", `${namespace}/${configMap}`);
    },
    secretsOf(policy, method) {
      const { namespace, spec } = specOf(policy);
      const references =
        method === "apiKeys" ? spec?.apiKeys?.secretRefs : [spec?.basic?.secretRef ?? []].flat();
      for (const { name } of references ?? []) {
        const why = whyUnread("Secret", `${namespace}/${name}`);
        if (why !== undefined) return why;
      }
      return undefined;
    },
  };
}
