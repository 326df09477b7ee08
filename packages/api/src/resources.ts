/**
 * The resource messages that travel from controller to waypoint, under short names. `XResource` is what one may build
 * and encode (all fields optional); `X.decode` gives every field its default. Generated from proto/waystone.proto by
 * `npm run generate`.
 */
import { waystone } from "./gen/waystone.js";

export const { Service, EndpointSlice, Workload, Route, Policy, Secret, Rejections } = waystone.v1;
export const { Protocol, MatchType, PolicyMode, AuthorizationAction, Assurance } = waystone.v1;
export const { AuthorizerApi, SessionPersistenceType } = waystone.v1;

export type ServiceResource = waystone.v1.Service.$Properties;
export type ServicePortResource = waystone.v1.ServicePort.$Properties;
export type EndpointSliceResource = waystone.v1.EndpointSlice.$Properties;
export type EndpointResource = waystone.v1.Endpoint.$Properties;
export type WorkloadLabelsResource = waystone.v1.WorkloadLabels.$Properties;
export type WorkloadResource = waystone.v1.Workload.$Properties;
export type RouteResource = waystone.v1.Route.$Properties;
export type RouteRuleResource = waystone.v1.RouteRule.$Properties;
export type RouteMatchResource = waystone.v1.RouteMatch.$Properties;
export type RouteFilterResource = waystone.v1.RouteFilter.$Properties;
export type RouteBackendResource = waystone.v1.RouteBackend.$Properties;
export type BackendTrafficResource = waystone.v1.BackendTraffic.$Properties;
export type SessionPersistenceResource = waystone.v1.SessionPersistence.$Properties;
export type PolicyResource = waystone.v1.Policy.$Properties;
export type PolicyTargetResource = waystone.v1.PolicyTarget.$Properties;
export type BackendTlsResource = waystone.v1.BackendTls.$Properties;
export type SubjectAltNameResource = waystone.v1.SubjectAltName.$Properties;
export type CredentialsResource = waystone.v1.Credentials.$Properties;
export type AuthenticationSettingResource = waystone.v1.AuthenticationSetting.$Properties;
export type AuthorizerResource = waystone.v1.Authorizer.$Properties;
export type AuthorizationRuleResource = waystone.v1.AuthorizationRule.$Properties;
export type AuthorizationConditionsResource = waystone.v1.AuthorizationConditions.$Properties;
export type AuthorizationConditionResource = waystone.v1.AuthorizationCondition.$Properties;
