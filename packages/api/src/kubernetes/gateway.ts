/** Gateway API kinds (experimental channel of v1.7.0), as far as Waystone reads them. */
import type { Condition, KubernetesObject, LabelSelector } from "./meta.ts";

export interface GatewayClass extends KubernetesObject {
  readonly kind: "GatewayClass";
  readonly spec: { readonly controllerName: string; readonly parametersRef?: ParametersReference };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly supportedFeatures?: readonly { readonly name: string }[];
  };
}

/** Of a GatewayClass (with a namespace) or of a Gateway's infrastructure (in its own). */
export interface ParametersReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Gateway extends KubernetesObject {
  readonly kind: "Gateway";
  readonly spec: {
    readonly gatewayClassName: string;
    readonly listeners?: readonly GatewayListener[];
    readonly addresses?: readonly object[];
    readonly tls?: {
      readonly frontend?: object;
      readonly backend?: { readonly clientCertificateRef?: SecretReference };
    };
    readonly infrastructure?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
      readonly parametersRef?: ParametersReference;
    };
  };
  readonly status?: GatewayStatus;
}

export interface GatewayStatus {
  readonly addresses?: readonly { readonly type?: string; readonly value: string }[];
  readonly conditions?: readonly Condition[];
  readonly listeners?: readonly GatewayListenerStatus[];
}

export interface GatewayListenerStatus {
  readonly name: string;
  readonly supportedKinds?: readonly { readonly group?: string; readonly kind: string }[];
  readonly attachedRoutes: number;
  readonly conditions: readonly Condition[];
}

export interface GatewayListener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  readonly tls?: object;
  readonly filters?: object;
  readonly allowedRoutes?: {
    readonly namespaces?: {
      readonly from?: "All" | "Same" | "Selector" | "None";
      readonly selector?: LabelSelector;
    };
    readonly kinds?: readonly { readonly group?: string; readonly kind: string }[];
  };
}

export interface ParentReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly sectionName?: string;
  readonly port?: number;
}

export interface HTTPRoute extends KubernetesObject {
  readonly kind: "HTTPRoute";
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly HTTPRouteRule[];
  };
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

export interface HTTPRouteRule {
  readonly name?: string;
  readonly matches?: readonly HTTPRouteMatch[];
  readonly filters?: readonly HTTPRouteFilter[];
  readonly backendRefs?: readonly HTTPBackendRef[];
  readonly timeouts?: { readonly request?: string; readonly backendRequest?: string };
  readonly retry?: {
    readonly codes?: readonly number[];
    readonly attempts?: number;
    readonly backoff?: string;
  };
  readonly sessionPersistence?: SessionPersistence;
}

/** GEP-1619, as 1.7 spells it and as 1.6 did. */
export interface SessionPersistence {
  readonly type?: "Cookie" | "Header";
  readonly absoluteTimeout?: string;
  readonly cookie?: {
    readonly name?: string;
    readonly path?: string;
    readonly lifetimeType?: "Permanent" | "Session";
  };
  readonly header?: { readonly name: string };
  /** Until 1.6. */
  readonly sessionName?: string;
  /** Until 1.6. */
  readonly cookieConfig?: { readonly lifetimeType?: "Permanent" | "Session" };
}

export interface GRPCRoute extends KubernetesObject {
  readonly kind: "GRPCRoute";
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly GRPCRouteRule[];
  };
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

/** Its filters are some of HTTPRoute's. */
export interface GRPCRouteRule {
  readonly name?: string;
  readonly matches?: readonly GRPCRouteMatch[];
  readonly filters?: readonly HTTPRouteFilter[];
  readonly backendRefs?: readonly HTTPBackendRef[];
  readonly sessionPersistence?: SessionPersistence;
}

export interface GRPCRouteMatch {
  readonly method?: {
    readonly type?: "Exact" | "RegularExpression";
    readonly service?: string;
    readonly method?: string;
  };
  readonly headers?: readonly HTTPValueMatch[];
}

export interface HTTPRouteMatch {
  readonly path?: { readonly type?: "Exact" | "PathPrefix" | "RegularExpression"; readonly value?: string };
  readonly headers?: readonly HTTPValueMatch[];
  readonly queryParams?: readonly HTTPValueMatch[];
  readonly method?: string;
}

export interface HTTPValueMatch {
  readonly type?: "Exact" | "RegularExpression";
  readonly name: string;
  readonly value: string;
}

export interface HTTPHeader {
  readonly name: string;
  readonly value: string;
}

export interface HTTPHeaderFilter {
  readonly set?: readonly HTTPHeader[];
  readonly add?: readonly HTTPHeader[];
  readonly remove?: readonly string[];
}

export interface HTTPPathModifier {
  readonly type: "ReplaceFullPath" | "ReplacePrefixMatch";
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

export interface HTTPRouteFilter {
  readonly type:
    | "RequestHeaderModifier"
    | "ResponseHeaderModifier"
    | "RequestMirror"
    | "RequestRedirect"
    | "URLRewrite"
    | "CORS"
    | "ExternalAuth"
    | "ExtensionRef";
  readonly requestHeaderModifier?: HTTPHeaderFilter;
  readonly responseHeaderModifier?: HTTPHeaderFilter;
  readonly requestMirror?: {
    readonly backendRef: BackendObjectReference;
    readonly percent?: number;
    readonly fraction?: { readonly numerator: number; readonly denominator?: number };
  };
  readonly requestRedirect?: {
    readonly scheme?: string;
    readonly hostname?: string;
    readonly path?: HTTPPathModifier;
    readonly port?: number;
    readonly statusCode?: number;
  };
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: HTTPPathModifier };
  readonly cors?: {
    readonly allowOrigins?: readonly string[];
    readonly allowCredentials?: boolean;
    readonly allowMethods?: readonly string[];
    readonly allowHeaders?: readonly string[];
    readonly exposeHeaders?: readonly string[];
    readonly maxAge?: number;
  };
  /** GEP-1494 */
  readonly externalAuth?: {
    readonly protocol: "HTTP" | "GRPC";
    readonly backendRef: BackendObjectReference;
    readonly grpc?: { readonly allowedHeaders?: readonly string[] };
    readonly http?: {
      readonly path?: string;
      readonly allowedHeaders?: readonly string[];
      readonly allowedResponseHeaders?: readonly string[];
    };
    readonly forwardBody?: { readonly maxSize?: number };
  };
}

export interface TLSRoute extends KubernetesObject {
  readonly kind: "TLSRoute";
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[];
    /** Required since v1; before, none meant any. */
    readonly hostnames?: readonly string[];
    readonly rules?: readonly ConnectionRouteRule[];
  };
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

export interface TCPRoute extends KubernetesObject {
  readonly kind: "TCPRoute";
  readonly spec?: {
    readonly parentRefs?: readonly ParentReference[];
    readonly rules?: readonly ConnectionRouteRule[];
  };
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

/** Of a TLSRoute or TCPRoute: it has no matches, so there is one (v1alpha2 allowed more). */
export interface ConnectionRouteRule {
  readonly name?: string;
  readonly backendRefs?: readonly ConnectionBackendRef[];
}

export interface ConnectionBackendRef extends BackendObjectReference {
  readonly weight?: number;
}

export interface BackendObjectReference {
  readonly group?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name: string;
  readonly port?: number;
}

export interface HTTPBackendRef extends BackendObjectReference {
  readonly weight?: number;
  readonly filters?: readonly HTTPRouteFilter[];
}

export interface ReferenceGrant extends KubernetesObject {
  readonly kind: "ReferenceGrant";
  readonly spec: {
    readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
    readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
  };
}

/** One entry of a route's status.parents. */
export interface RouteParentStatus {
  readonly parentRef: ParentReference;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}

/** GEP-1897. */
export interface BackendTLSPolicy extends KubernetesObject {
  readonly kind: "BackendTLSPolicy";
  readonly spec: {
    /** A sectionName is the name of a port. */
    readonly targetRefs: readonly (LocalPolicyTargetReference & { readonly sectionName?: string })[];
    readonly validation: {
      readonly caCertificateRefs?: readonly LocalObjectReference[];
      readonly wellKnownCACertificates?: string;
      readonly hostname: string;
      readonly subjectAltNames?: readonly {
        readonly type: "Hostname" | "URI";
        readonly hostname?: string;
        readonly uri?: string;
      }[];
    };
    readonly options?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly ancestors?: readonly PolicyAncestorStatus[] };
}

export interface SecretReference {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

/** In the object's own namespace. */
export interface LocalObjectReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** Experimental channel, group gateway.networking.x-k8s.io (GEP-3388). */
export interface XBackendTrafficPolicy extends KubernetesObject {
  readonly kind: "XBackendTrafficPolicy";
  readonly spec: {
    readonly targetRefs: readonly LocalPolicyTargetReference[];
    readonly retryConstraint?: {
      readonly budget?: { readonly percent?: number; readonly interval?: string };
      readonly minRetryRate?: { readonly count?: number; readonly interval?: string };
    };
    readonly sessionPersistence?: SessionPersistence;
  };
  readonly status?: { readonly ancestors?: readonly PolicyAncestorStatus[] };
}

/** In the policy's own namespace. */
export interface LocalPolicyTargetReference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** One entry of a policy's status.ancestors (GEP-713). */
export interface PolicyAncestorStatus {
  readonly ancestorRef: ParentReference;
  readonly controllerName: string;
  readonly conditions: readonly Condition[];
}
