import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace waystone. */
export namespace waystone {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a Service.
         * @deprecated Use waystone.v1.Service.$Properties instead.
         */
        interface IService extends waystone.v1.Service.$Properties {
        }

        /** Represents a Service. */
        class Service {

            /**
             * Constructs a new Service.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Service.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Service namespace. */
            namespace: string;

            /** Service name. */
            name: string;

            /** Service generation. */
            generation: number;

            /** Service waypoint. */
            waypoint: string;

            /** Service ports. */
            ports: waystone.v1.ServicePort.$Properties[];

            /** Service releasing. */
            releasing: boolean;

            /**
             * Encodes the specified Service message. Does not implicitly {@link waystone.v1.Service.verify|verify} messages.
             * @param message Service message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Service.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Service message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Service & waystone.v1.Service.$Shape} Service
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Service & waystone.v1.Service.$Shape;
        }

        namespace Service {

            /** Properties of a Service. */
            interface $Properties {

                /** Service namespace */
                namespace?: (string|null);

                /** Service name */
                name?: (string|null);

                /** Service generation */
                generation?: (number|null);

                /** Service waypoint */
                waypoint?: (string|null);

                /** Service ports */
                ports?: (waystone.v1.ServicePort.$Properties[]|null);

                /** Service releasing */
                releasing?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Service. */
            type $Shape = waystone.v1.Service.$Properties;
        }

        /** Protocol enum. */
        enum Protocol {

            /** PROTOCOL_UNSPECIFIED value */
            PROTOCOL_UNSPECIFIED = 0,

            /** TCP value */
            TCP = 1,

            /** HTTP value */
            HTTP = 2,

            /** HTTP2 value */
            HTTP2 = 3,

            /** GRPC value */
            GRPC = 4,

            /** TLS value */
            TLS = 5
        }

        /**
         * Properties of a ServicePort.
         * @deprecated Use waystone.v1.ServicePort.$Properties instead.
         */
        interface IServicePort extends waystone.v1.ServicePort.$Properties {
        }

        /** Represents a ServicePort. */
        class ServicePort {

            /**
             * Constructs a new ServicePort.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.ServicePort.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ServicePort name. */
            name: string;

            /** ServicePort port. */
            port: number;

            /** ServicePort protocol. */
            protocol: waystone.v1.Protocol;

            /** ServicePort protocolReason. */
            protocolReason: string;

            /** ServicePort listen. */
            listen: waystone.v1.ListenAddress.$Properties[];

            /**
             * Encodes the specified ServicePort message. Does not implicitly {@link waystone.v1.ServicePort.verify|verify} messages.
             * @param message ServicePort message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.ServicePort.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ServicePort message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.ServicePort & waystone.v1.ServicePort.$Shape} ServicePort
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.ServicePort & waystone.v1.ServicePort.$Shape;
        }

        namespace ServicePort {

            /** Properties of a ServicePort. */
            interface $Properties {

                /** ServicePort name */
                name?: (string|null);

                /** ServicePort port */
                port?: (number|null);

                /** ServicePort protocol */
                protocol?: (waystone.v1.Protocol|null);

                /** ServicePort protocolReason */
                protocolReason?: (string|null);

                /** ServicePort listen */
                listen?: (waystone.v1.ListenAddress.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ServicePort. */
            type $Shape = waystone.v1.ServicePort.$Properties;
        }

        /**
         * Properties of a ListenAddress.
         * @deprecated Use waystone.v1.ListenAddress.$Properties instead.
         */
        interface IListenAddress extends waystone.v1.ListenAddress.$Properties {
        }

        /** Represents a ListenAddress. */
        class ListenAddress {

            /**
             * Constructs a new ListenAddress.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.ListenAddress.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ListenAddress address. */
            address: string;

            /** ListenAddress port. */
            port: number;

            /**
             * Encodes the specified ListenAddress message. Does not implicitly {@link waystone.v1.ListenAddress.verify|verify} messages.
             * @param message ListenAddress message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.ListenAddress.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ListenAddress message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.ListenAddress & waystone.v1.ListenAddress.$Shape} ListenAddress
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.ListenAddress & waystone.v1.ListenAddress.$Shape;
        }

        namespace ListenAddress {

            /** Properties of a ListenAddress. */
            interface $Properties {

                /** ListenAddress address */
                address?: (string|null);

                /** ListenAddress port */
                port?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ListenAddress. */
            type $Shape = waystone.v1.ListenAddress.$Properties;
        }

        /**
         * Properties of an EndpointSlice.
         * @deprecated Use waystone.v1.EndpointSlice.$Properties instead.
         */
        interface IEndpointSlice extends waystone.v1.EndpointSlice.$Properties {
        }

        /** Represents an EndpointSlice. */
        class EndpointSlice {

            /**
             * Constructs a new EndpointSlice.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.EndpointSlice.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EndpointSlice namespace. */
            namespace: string;

            /** EndpointSlice name. */
            name: string;

            /** EndpointSlice service. */
            service: string;

            /** EndpointSlice ports. */
            ports: waystone.v1.EndpointPort.$Properties[];

            /** EndpointSlice endpoints. */
            endpoints: waystone.v1.Endpoint.$Properties[];

            /**
             * Encodes the specified EndpointSlice message. Does not implicitly {@link waystone.v1.EndpointSlice.verify|verify} messages.
             * @param message EndpointSlice message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.EndpointSlice.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EndpointSlice message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.EndpointSlice & waystone.v1.EndpointSlice.$Shape} EndpointSlice
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.EndpointSlice & waystone.v1.EndpointSlice.$Shape;
        }

        namespace EndpointSlice {

            /** Properties of an EndpointSlice. */
            interface $Properties {

                /** EndpointSlice namespace */
                namespace?: (string|null);

                /** EndpointSlice name */
                name?: (string|null);

                /** EndpointSlice service */
                service?: (string|null);

                /** EndpointSlice ports */
                ports?: (waystone.v1.EndpointPort.$Properties[]|null);

                /** EndpointSlice endpoints */
                endpoints?: (waystone.v1.Endpoint.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EndpointSlice. */
            type $Shape = waystone.v1.EndpointSlice.$Properties;
        }

        /**
         * Properties of an EndpointPort.
         * @deprecated Use waystone.v1.EndpointPort.$Properties instead.
         */
        interface IEndpointPort extends waystone.v1.EndpointPort.$Properties {
        }

        /** Represents an EndpointPort. */
        class EndpointPort {

            /**
             * Constructs a new EndpointPort.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.EndpointPort.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EndpointPort name. */
            name: string;

            /** EndpointPort port. */
            port: number;

            /**
             * Encodes the specified EndpointPort message. Does not implicitly {@link waystone.v1.EndpointPort.verify|verify} messages.
             * @param message EndpointPort message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.EndpointPort.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EndpointPort message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.EndpointPort & waystone.v1.EndpointPort.$Shape} EndpointPort
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.EndpointPort & waystone.v1.EndpointPort.$Shape;
        }

        namespace EndpointPort {

            /** Properties of an EndpointPort. */
            interface $Properties {

                /** EndpointPort name */
                name?: (string|null);

                /** EndpointPort port */
                port?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EndpointPort. */
            type $Shape = waystone.v1.EndpointPort.$Properties;
        }

        /**
         * Properties of an Endpoint.
         * @deprecated Use waystone.v1.Endpoint.$Properties instead.
         */
        interface IEndpoint extends waystone.v1.Endpoint.$Properties {
        }

        /** Represents an Endpoint. */
        class Endpoint {

            /**
             * Constructs a new Endpoint.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Endpoint.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Endpoint address. */
            address: string;

            /** Endpoint ready. */
            ready: boolean;

            /** Endpoint serving. */
            serving: boolean;

            /** Endpoint terminating. */
            terminating: boolean;

            /** Endpoint zone. */
            zone: string;

            /** Endpoint node. */
            node: string;

            /** Endpoint workload. */
            workload?: (waystone.v1.WorkloadLabels.$Properties|null);

            /**
             * Encodes the specified Endpoint message. Does not implicitly {@link waystone.v1.Endpoint.verify|verify} messages.
             * @param message Endpoint message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Endpoint.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Endpoint message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Endpoint & waystone.v1.Endpoint.$Shape} Endpoint
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Endpoint & waystone.v1.Endpoint.$Shape;
        }

        namespace Endpoint {

            /** Properties of an Endpoint. */
            interface $Properties {

                /** Endpoint address */
                address?: (string|null);

                /** Endpoint ready */
                ready?: (boolean|null);

                /** Endpoint serving */
                serving?: (boolean|null);

                /** Endpoint terminating */
                terminating?: (boolean|null);

                /** Endpoint zone */
                zone?: (string|null);

                /** Endpoint node */
                node?: (string|null);

                /** Endpoint workload */
                workload?: (waystone.v1.WorkloadLabels.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Endpoint. */
            type $Shape = waystone.v1.Endpoint.$Properties;
        }

        /**
         * Properties of a WorkloadLabels.
         * @deprecated Use waystone.v1.WorkloadLabels.$Properties instead.
         */
        interface IWorkloadLabels extends waystone.v1.WorkloadLabels.$Properties {
        }

        /** Represents a WorkloadLabels. */
        class WorkloadLabels {

            /**
             * Constructs a new WorkloadLabels.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.WorkloadLabels.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WorkloadLabels namespace. */
            namespace: string;

            /** WorkloadLabels pod. */
            pod: string;

            /** WorkloadLabels workload. */
            workload: string;

            /** WorkloadLabels serviceAccount. */
            serviceAccount: string;

            /** WorkloadLabels app. */
            app: string;

            /** WorkloadLabels version. */
            version: string;

            /** WorkloadLabels canonicalService. */
            canonicalService: string;

            /** WorkloadLabels canonicalRevision. */
            canonicalRevision: string;

            /**
             * Encodes the specified WorkloadLabels message. Does not implicitly {@link waystone.v1.WorkloadLabels.verify|verify} messages.
             * @param message WorkloadLabels message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.WorkloadLabels.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WorkloadLabels message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.WorkloadLabels & waystone.v1.WorkloadLabels.$Shape} WorkloadLabels
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.WorkloadLabels & waystone.v1.WorkloadLabels.$Shape;
        }

        namespace WorkloadLabels {

            /** Properties of a WorkloadLabels. */
            interface $Properties {

                /** WorkloadLabels namespace */
                namespace?: (string|null);

                /** WorkloadLabels pod */
                pod?: (string|null);

                /** WorkloadLabels workload */
                workload?: (string|null);

                /** WorkloadLabels serviceAccount */
                serviceAccount?: (string|null);

                /** WorkloadLabels app */
                app?: (string|null);

                /** WorkloadLabels version */
                version?: (string|null);

                /** WorkloadLabels canonicalService */
                canonicalService?: (string|null);

                /** WorkloadLabels canonicalRevision */
                canonicalRevision?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WorkloadLabels. */
            type $Shape = waystone.v1.WorkloadLabels.$Properties;
        }

        /**
         * Properties of a Workload.
         * @deprecated Use waystone.v1.Workload.$Properties instead.
         */
        interface IWorkload extends waystone.v1.Workload.$Properties {
        }

        /** Represents a Workload. */
        class Workload {

            /**
             * Constructs a new Workload.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Workload.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Workload address. */
            address: string;

            /** Workload workload. */
            workload?: (waystone.v1.WorkloadLabels.$Properties|null);

            /** Workload labels. */
            labels: waystone.v1.Label.$Properties[];

            /**
             * Encodes the specified Workload message. Does not implicitly {@link waystone.v1.Workload.verify|verify} messages.
             * @param message Workload message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Workload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Workload message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Workload & waystone.v1.Workload.$Shape} Workload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Workload & waystone.v1.Workload.$Shape;
        }

        namespace Workload {

            /** Properties of a Workload. */
            interface $Properties {

                /** Workload address */
                address?: (string|null);

                /** Workload workload */
                workload?: (waystone.v1.WorkloadLabels.$Properties|null);

                /** Workload labels */
                labels?: (waystone.v1.Label.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Workload. */
            type $Shape = waystone.v1.Workload.$Properties;
        }

        /**
         * Properties of a Label.
         * @deprecated Use waystone.v1.Label.$Properties instead.
         */
        interface ILabel extends waystone.v1.Label.$Properties {
        }

        /** Represents a Label. */
        class Label {

            /**
             * Constructs a new Label.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Label.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Label key. */
            key: string;

            /** Label value. */
            value: string;

            /**
             * Encodes the specified Label message. Does not implicitly {@link waystone.v1.Label.verify|verify} messages.
             * @param message Label message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Label.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Label message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Label & waystone.v1.Label.$Shape} Label
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Label & waystone.v1.Label.$Shape;
        }

        namespace Label {

            /** Properties of a Label. */
            interface $Properties {

                /** Label key */
                key?: (string|null);

                /** Label value */
                value?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Label. */
            type $Shape = waystone.v1.Label.$Properties;
        }

        /**
         * Properties of a Route.
         * @deprecated Use waystone.v1.Route.$Properties instead.
         */
        interface IRoute extends waystone.v1.Route.$Properties {
        }

        /** Represents a Route. */
        class Route {

            /**
             * Constructs a new Route.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Route.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Route kind. */
            kind: string;

            /** Route namespace. */
            namespace: string;

            /** Route name. */
            name: string;

            /** Route generation. */
            generation: number;

            /** Route createdAtSeconds. */
            createdAtSeconds: number;

            /** Route parents. */
            parents: waystone.v1.RouteParent.$Properties[];

            /** Route hostnames. */
            hostnames: string[];

            /** Route rules. */
            rules: waystone.v1.RouteRule.$Properties[];

            /**
             * Encodes the specified Route message. Does not implicitly {@link waystone.v1.Route.verify|verify} messages.
             * @param message Route message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Route.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Route message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Route & waystone.v1.Route.$Shape} Route
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Route & waystone.v1.Route.$Shape;
        }

        namespace Route {

            /** Properties of a Route. */
            interface $Properties {

                /** Route kind */
                kind?: (string|null);

                /** Route namespace */
                namespace?: (string|null);

                /** Route name */
                name?: (string|null);

                /** Route generation */
                generation?: (number|null);

                /** Route createdAtSeconds */
                createdAtSeconds?: (number|null);

                /** Route parents */
                parents?: (waystone.v1.RouteParent.$Properties[]|null);

                /** Route hostnames */
                hostnames?: (string[]|null);

                /** Route rules */
                rules?: (waystone.v1.RouteRule.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Route. */
            type $Shape = {
              kind?: string|null;
              namespace?: string|null;
              name?: string|null;
              generation?: number|null;
              createdAtSeconds?: number|null;
              parents?: waystone.v1.RouteParent.$Shape[]|null;
              hostnames?: string[]|null;
              rules?: waystone.v1.RouteRule.$Shape[]|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a RouteParent.
         * @deprecated Use waystone.v1.RouteParent.$Properties instead.
         */
        interface IRouteParent extends waystone.v1.RouteParent.$Properties {
        }

        /** Represents a RouteParent. */
        class RouteParent {

            /**
             * Constructs a new RouteParent.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.RouteParent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RouteParent service. */
            service: string;

            /** RouteParent port. */
            port: number;

            /**
             * Encodes the specified RouteParent message. Does not implicitly {@link waystone.v1.RouteParent.verify|verify} messages.
             * @param message RouteParent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.RouteParent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RouteParent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.RouteParent & waystone.v1.RouteParent.$Shape} RouteParent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.RouteParent & waystone.v1.RouteParent.$Shape;
        }

        namespace RouteParent {

            /** Properties of a RouteParent. */
            interface $Properties {

                /** RouteParent service */
                service?: (string|null);

                /** RouteParent port */
                port?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RouteParent. */
            type $Shape = waystone.v1.RouteParent.$Properties;
        }

        /**
         * Properties of a RouteRule.
         * @deprecated Use waystone.v1.RouteRule.$Properties instead.
         */
        interface IRouteRule extends waystone.v1.RouteRule.$Properties {
        }

        /** Represents a RouteRule. */
        class RouteRule {

            /**
             * Constructs a new RouteRule.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.RouteRule.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RouteRule name. */
            name: string;

            /** RouteRule matches. */
            matches: waystone.v1.RouteMatch.$Properties[];

            /** RouteRule filters. */
            filters: waystone.v1.RouteFilter.$Properties[];

            /** RouteRule backends. */
            backends: waystone.v1.RouteBackend.$Properties[];

            /** RouteRule timeouts. */
            timeouts?: (waystone.v1.Timeouts.$Properties|null);

            /** RouteRule retry. */
            retry?: (waystone.v1.Retry.$Properties|null);

            /** RouteRule sessionPersistence. */
            sessionPersistence?: (waystone.v1.SessionPersistence.$Properties|null);

            /**
             * Encodes the specified RouteRule message. Does not implicitly {@link waystone.v1.RouteRule.verify|verify} messages.
             * @param message RouteRule message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.RouteRule.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RouteRule message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.RouteRule & waystone.v1.RouteRule.$Shape} RouteRule
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.RouteRule & waystone.v1.RouteRule.$Shape;
        }

        namespace RouteRule {

            /** Properties of a RouteRule. */
            interface $Properties {

                /** RouteRule name */
                name?: (string|null);

                /** RouteRule matches */
                matches?: (waystone.v1.RouteMatch.$Properties[]|null);

                /** RouteRule filters */
                filters?: (waystone.v1.RouteFilter.$Properties[]|null);

                /** RouteRule backends */
                backends?: (waystone.v1.RouteBackend.$Properties[]|null);

                /** RouteRule timeouts */
                timeouts?: (waystone.v1.Timeouts.$Properties|null);

                /** RouteRule retry */
                retry?: (waystone.v1.Retry.$Properties|null);

                /** RouteRule sessionPersistence */
                sessionPersistence?: (waystone.v1.SessionPersistence.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RouteRule. */
            type $Shape = {
              name?: string|null;
              matches?: waystone.v1.RouteMatch.$Shape[]|null;
              filters?: waystone.v1.RouteFilter.$Shape[]|null;
              backends?: waystone.v1.RouteBackend.$Shape[]|null;
              timeouts?: waystone.v1.Timeouts.$Shape|null;
              retry?: waystone.v1.Retry.$Shape|null;
              sessionPersistence?: waystone.v1.SessionPersistence.$Shape|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a RouteMatch.
         * @deprecated Use waystone.v1.RouteMatch.$Properties instead.
         */
        interface IRouteMatch extends waystone.v1.RouteMatch.$Properties {
        }

        /** Represents a RouteMatch. */
        class RouteMatch {

            /**
             * Constructs a new RouteMatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.RouteMatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RouteMatch path. */
            path?: (waystone.v1.PathMatch.$Properties|null);

            /** RouteMatch headers. */
            headers: waystone.v1.ValueMatch.$Properties[];

            /** RouteMatch queryParams. */
            queryParams: waystone.v1.ValueMatch.$Properties[];

            /** RouteMatch method. */
            method: string;

            /**
             * Encodes the specified RouteMatch message. Does not implicitly {@link waystone.v1.RouteMatch.verify|verify} messages.
             * @param message RouteMatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.RouteMatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RouteMatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.RouteMatch & waystone.v1.RouteMatch.$Shape} RouteMatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.RouteMatch & waystone.v1.RouteMatch.$Shape;
        }

        namespace RouteMatch {

            /** Properties of a RouteMatch. */
            interface $Properties {

                /** RouteMatch path */
                path?: (waystone.v1.PathMatch.$Properties|null);

                /** RouteMatch headers */
                headers?: (waystone.v1.ValueMatch.$Properties[]|null);

                /** RouteMatch queryParams */
                queryParams?: (waystone.v1.ValueMatch.$Properties[]|null);

                /** RouteMatch method */
                method?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RouteMatch. */
            type $Shape = waystone.v1.RouteMatch.$Properties;
        }

        /** MatchType enum. */
        enum MatchType {

            /** EXACT value */
            EXACT = 0,

            /** PREFIX value */
            PREFIX = 1,

            /** REGULAR_EXPRESSION value */
            REGULAR_EXPRESSION = 2
        }

        /**
         * Properties of a PathMatch.
         * @deprecated Use waystone.v1.PathMatch.$Properties instead.
         */
        interface IPathMatch extends waystone.v1.PathMatch.$Properties {
        }

        /** Represents a PathMatch. */
        class PathMatch {

            /**
             * Constructs a new PathMatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.PathMatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PathMatch type. */
            type: waystone.v1.MatchType;

            /** PathMatch value. */
            value: string;

            /** PathMatch precedence. */
            precedence: number;

            /**
             * Encodes the specified PathMatch message. Does not implicitly {@link waystone.v1.PathMatch.verify|verify} messages.
             * @param message PathMatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.PathMatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PathMatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.PathMatch & waystone.v1.PathMatch.$Shape} PathMatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.PathMatch & waystone.v1.PathMatch.$Shape;
        }

        namespace PathMatch {

            /** Properties of a PathMatch. */
            interface $Properties {

                /** PathMatch type */
                type?: (waystone.v1.MatchType|null);

                /** PathMatch value */
                value?: (string|null);

                /** PathMatch precedence */
                precedence?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PathMatch. */
            type $Shape = waystone.v1.PathMatch.$Properties;
        }

        /**
         * Properties of a ValueMatch.
         * @deprecated Use waystone.v1.ValueMatch.$Properties instead.
         */
        interface IValueMatch extends waystone.v1.ValueMatch.$Properties {
        }

        /** Represents a ValueMatch. */
        class ValueMatch {

            /**
             * Constructs a new ValueMatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.ValueMatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ValueMatch type. */
            type: waystone.v1.MatchType;

            /** ValueMatch name. */
            name: string;

            /** ValueMatch value. */
            value: string;

            /**
             * Encodes the specified ValueMatch message. Does not implicitly {@link waystone.v1.ValueMatch.verify|verify} messages.
             * @param message ValueMatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.ValueMatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ValueMatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.ValueMatch & waystone.v1.ValueMatch.$Shape} ValueMatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.ValueMatch & waystone.v1.ValueMatch.$Shape;
        }

        namespace ValueMatch {

            /** Properties of a ValueMatch. */
            interface $Properties {

                /** ValueMatch type */
                type?: (waystone.v1.MatchType|null);

                /** ValueMatch name */
                name?: (string|null);

                /** ValueMatch value */
                value?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ValueMatch. */
            type $Shape = waystone.v1.ValueMatch.$Properties;
        }

        /**
         * Properties of a RouteFilter.
         * @deprecated Use waystone.v1.RouteFilter.$Properties instead.
         */
        interface IRouteFilter extends waystone.v1.RouteFilter.$Properties {
        }

        /** Represents a RouteFilter. */
        class RouteFilter {

            /**
             * Constructs a new RouteFilter.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.RouteFilter.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RouteFilter requestHeaderModifier. */
            requestHeaderModifier?: (waystone.v1.HeaderModifier.$Properties|null);

            /** RouteFilter responseHeaderModifier. */
            responseHeaderModifier?: (waystone.v1.HeaderModifier.$Properties|null);

            /** RouteFilter requestRedirect. */
            requestRedirect?: (waystone.v1.RequestRedirect.$Properties|null);

            /** RouteFilter urlRewrite. */
            urlRewrite?: (waystone.v1.UrlRewrite.$Properties|null);

            /** RouteFilter requestMirror. */
            requestMirror?: (waystone.v1.RequestMirror.$Properties|null);

            /** RouteFilter cors. */
            cors?: (waystone.v1.Cors.$Properties|null);

            /** RouteFilter externalAuth. */
            externalAuth?: (waystone.v1.Authorizer.$Properties|null);

            /** RouteFilter filter. */
            filter?: ("requestHeaderModifier"|"responseHeaderModifier"|"requestRedirect"|"urlRewrite"|"requestMirror"|"cors"|"externalAuth");

            /**
             * Encodes the specified RouteFilter message. Does not implicitly {@link waystone.v1.RouteFilter.verify|verify} messages.
             * @param message RouteFilter message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.RouteFilter.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RouteFilter message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.RouteFilter & waystone.v1.RouteFilter.$Shape} RouteFilter
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.RouteFilter & waystone.v1.RouteFilter.$Shape;
        }

        namespace RouteFilter {

            /** Properties of a RouteFilter. */
            interface $Properties {

                /** RouteFilter requestHeaderModifier */
                requestHeaderModifier?: (waystone.v1.HeaderModifier.$Properties|null);

                /** RouteFilter responseHeaderModifier */
                responseHeaderModifier?: (waystone.v1.HeaderModifier.$Properties|null);

                /** RouteFilter requestRedirect */
                requestRedirect?: (waystone.v1.RequestRedirect.$Properties|null);

                /** RouteFilter urlRewrite */
                urlRewrite?: (waystone.v1.UrlRewrite.$Properties|null);

                /** RouteFilter requestMirror */
                requestMirror?: (waystone.v1.RequestMirror.$Properties|null);

                /** RouteFilter cors */
                cors?: (waystone.v1.Cors.$Properties|null);

                /** RouteFilter externalAuth */
                externalAuth?: (waystone.v1.Authorizer.$Properties|null);

                /** RouteFilter filter */
                filter?: ("requestHeaderModifier"|"responseHeaderModifier"|"requestRedirect"|"urlRewrite"|"requestMirror"|"cors"|"externalAuth");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a RouteFilter. */
            type $Shape = {
              requestHeaderModifier?: waystone.v1.HeaderModifier.$Shape|null;
              responseHeaderModifier?: waystone.v1.HeaderModifier.$Shape|null;
              requestRedirect?: waystone.v1.RequestRedirect.$Shape|null;
              urlRewrite?: waystone.v1.UrlRewrite.$Shape|null;
              requestMirror?: waystone.v1.RequestMirror.$Shape|null;
              cors?: waystone.v1.Cors.$Shape|null;
              externalAuth?: waystone.v1.Authorizer.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ filter?: undefined; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "requestHeaderModifier"; requestHeaderModifier: waystone.v1.HeaderModifier.$Shape; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "responseHeaderModifier"; requestHeaderModifier?: null; responseHeaderModifier: waystone.v1.HeaderModifier.$Shape; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "requestRedirect"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect: waystone.v1.RequestRedirect.$Shape; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "urlRewrite"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite: waystone.v1.UrlRewrite.$Shape; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "requestMirror"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror: waystone.v1.RequestMirror.$Shape; cors?: null; externalAuth?: null }|{ filter?: "cors"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors: waystone.v1.Cors.$Shape; externalAuth?: null }|{ filter?: "externalAuth"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth: waystone.v1.Authorizer.$Shape })
            );
        }

        /**
         * Properties of a Header.
         * @deprecated Use waystone.v1.Header.$Properties instead.
         */
        interface IHeader extends waystone.v1.Header.$Properties {
        }

        /** Represents a Header. */
        class Header {

            /**
             * Constructs a new Header.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Header.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Header name. */
            name: string;

            /** Header value. */
            value: string;

            /**
             * Encodes the specified Header message. Does not implicitly {@link waystone.v1.Header.verify|verify} messages.
             * @param message Header message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Header.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Header message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Header & waystone.v1.Header.$Shape} Header
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Header & waystone.v1.Header.$Shape;
        }

        namespace Header {

            /** Properties of a Header. */
            interface $Properties {

                /** Header name */
                name?: (string|null);

                /** Header value */
                value?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Header. */
            type $Shape = waystone.v1.Header.$Properties;
        }

        /**
         * Properties of a HeaderModifier.
         * @deprecated Use waystone.v1.HeaderModifier.$Properties instead.
         */
        interface IHeaderModifier extends waystone.v1.HeaderModifier.$Properties {
        }

        /** Represents a HeaderModifier. */
        class HeaderModifier {

            /**
             * Constructs a new HeaderModifier.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.HeaderModifier.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HeaderModifier set. */
            set: waystone.v1.Header.$Properties[];

            /** HeaderModifier add. */
            add: waystone.v1.Header.$Properties[];

            /** HeaderModifier remove. */
            remove: string[];

            /**
             * Encodes the specified HeaderModifier message. Does not implicitly {@link waystone.v1.HeaderModifier.verify|verify} messages.
             * @param message HeaderModifier message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.HeaderModifier.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HeaderModifier message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.HeaderModifier & waystone.v1.HeaderModifier.$Shape} HeaderModifier
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.HeaderModifier & waystone.v1.HeaderModifier.$Shape;
        }

        namespace HeaderModifier {

            /** Properties of a HeaderModifier. */
            interface $Properties {

                /** HeaderModifier set */
                set?: (waystone.v1.Header.$Properties[]|null);

                /** HeaderModifier add */
                add?: (waystone.v1.Header.$Properties[]|null);

                /** HeaderModifier remove */
                remove?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HeaderModifier. */
            type $Shape = waystone.v1.HeaderModifier.$Properties;
        }

        /**
         * Properties of a PathModifier.
         * @deprecated Use waystone.v1.PathModifier.$Properties instead.
         */
        interface IPathModifier extends waystone.v1.PathModifier.$Properties {
        }

        /** Represents a PathModifier. */
        class PathModifier {

            /**
             * Constructs a new PathModifier.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.PathModifier.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PathModifier replaceFullPath. */
            replaceFullPath?: (string|null);

            /** PathModifier replacePrefixMatch. */
            replacePrefixMatch?: (string|null);

            /** PathModifier path. */
            path?: ("replaceFullPath"|"replacePrefixMatch");

            /**
             * Encodes the specified PathModifier message. Does not implicitly {@link waystone.v1.PathModifier.verify|verify} messages.
             * @param message PathModifier message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.PathModifier.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PathModifier message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.PathModifier & waystone.v1.PathModifier.$Shape} PathModifier
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.PathModifier & waystone.v1.PathModifier.$Shape;
        }

        namespace PathModifier {

            /** Properties of a PathModifier. */
            interface $Properties {

                /** PathModifier replaceFullPath */
                replaceFullPath?: (string|null);

                /** PathModifier replacePrefixMatch */
                replacePrefixMatch?: (string|null);

                /** PathModifier path */
                path?: ("replaceFullPath"|"replacePrefixMatch");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a PathModifier. */
            type $Shape = {
              replaceFullPath?: string|null;
              replacePrefixMatch?: string|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ path?: undefined; replaceFullPath?: null; replacePrefixMatch?: null }|{ path?: "replaceFullPath"; replaceFullPath: string; replacePrefixMatch?: null }|{ path?: "replacePrefixMatch"; replaceFullPath?: null; replacePrefixMatch: string })
            );
        }

        /**
         * Properties of a RequestRedirect.
         * @deprecated Use waystone.v1.RequestRedirect.$Properties instead.
         */
        interface IRequestRedirect extends waystone.v1.RequestRedirect.$Properties {
        }

        /** Represents a RequestRedirect. */
        class RequestRedirect {

            /**
             * Constructs a new RequestRedirect.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.RequestRedirect.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RequestRedirect scheme. */
            scheme: string;

            /** RequestRedirect hostname. */
            hostname: string;

            /** RequestRedirect path. */
            path?: (waystone.v1.PathModifier.$Properties|null);

            /** RequestRedirect port. */
            port: number;

            /** RequestRedirect statusCode. */
            statusCode: number;

            /**
             * Encodes the specified RequestRedirect message. Does not implicitly {@link waystone.v1.RequestRedirect.verify|verify} messages.
             * @param message RequestRedirect message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.RequestRedirect.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RequestRedirect message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.RequestRedirect & waystone.v1.RequestRedirect.$Shape} RequestRedirect
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.RequestRedirect & waystone.v1.RequestRedirect.$Shape;
        }

        namespace RequestRedirect {

            /** Properties of a RequestRedirect. */
            interface $Properties {

                /** RequestRedirect scheme */
                scheme?: (string|null);

                /** RequestRedirect hostname */
                hostname?: (string|null);

                /** RequestRedirect path */
                path?: (waystone.v1.PathModifier.$Properties|null);

                /** RequestRedirect port */
                port?: (number|null);

                /** RequestRedirect statusCode */
                statusCode?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RequestRedirect. */
            type $Shape = {
              scheme?: string|null;
              hostname?: string|null;
              path?: waystone.v1.PathModifier.$Shape|null;
              port?: number|null;
              statusCode?: number|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of an UrlRewrite.
         * @deprecated Use waystone.v1.UrlRewrite.$Properties instead.
         */
        interface IUrlRewrite extends waystone.v1.UrlRewrite.$Properties {
        }

        /** Represents an UrlRewrite. */
        class UrlRewrite {

            /**
             * Constructs a new UrlRewrite.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.UrlRewrite.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** UrlRewrite hostname. */
            hostname: string;

            /** UrlRewrite path. */
            path?: (waystone.v1.PathModifier.$Properties|null);

            /**
             * Encodes the specified UrlRewrite message. Does not implicitly {@link waystone.v1.UrlRewrite.verify|verify} messages.
             * @param message UrlRewrite message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.UrlRewrite.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an UrlRewrite message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.UrlRewrite & waystone.v1.UrlRewrite.$Shape} UrlRewrite
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.UrlRewrite & waystone.v1.UrlRewrite.$Shape;
        }

        namespace UrlRewrite {

            /** Properties of an UrlRewrite. */
            interface $Properties {

                /** UrlRewrite hostname */
                hostname?: (string|null);

                /** UrlRewrite path */
                path?: (waystone.v1.PathModifier.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an UrlRewrite. */
            type $Shape = {
              hostname?: string|null;
              path?: waystone.v1.PathModifier.$Shape|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a RequestMirror.
         * @deprecated Use waystone.v1.RequestMirror.$Properties instead.
         */
        interface IRequestMirror extends waystone.v1.RequestMirror.$Properties {
        }

        /** Represents a RequestMirror. */
        class RequestMirror {

            /**
             * Constructs a new RequestMirror.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.RequestMirror.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RequestMirror backend. */
            backend?: (waystone.v1.RouteBackend.$Properties|null);

            /** RequestMirror numerator. */
            numerator: number;

            /** RequestMirror denominator. */
            denominator: number;

            /**
             * Encodes the specified RequestMirror message. Does not implicitly {@link waystone.v1.RequestMirror.verify|verify} messages.
             * @param message RequestMirror message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.RequestMirror.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RequestMirror message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.RequestMirror & waystone.v1.RequestMirror.$Shape} RequestMirror
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.RequestMirror & waystone.v1.RequestMirror.$Shape;
        }

        namespace RequestMirror {

            /** Properties of a RequestMirror. */
            interface $Properties {

                /** RequestMirror backend */
                backend?: (waystone.v1.RouteBackend.$Properties|null);

                /** RequestMirror numerator */
                numerator?: (number|null);

                /** RequestMirror denominator */
                denominator?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RequestMirror. */
            type $Shape = {
              backend?: waystone.v1.RouteBackend.$Shape|null;
              numerator?: number|null;
              denominator?: number|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a Cors.
         * @deprecated Use waystone.v1.Cors.$Properties instead.
         */
        interface ICors extends waystone.v1.Cors.$Properties {
        }

        /** Represents a Cors. */
        class Cors {

            /**
             * Constructs a new Cors.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Cors.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Cors allowOrigins. */
            allowOrigins: string[];

            /** Cors allowCredentials. */
            allowCredentials: boolean;

            /** Cors allowMethods. */
            allowMethods: string[];

            /** Cors allowHeaders. */
            allowHeaders: string[];

            /** Cors exposeHeaders. */
            exposeHeaders: string[];

            /** Cors maxAgeSeconds. */
            maxAgeSeconds: number;

            /**
             * Encodes the specified Cors message. Does not implicitly {@link waystone.v1.Cors.verify|verify} messages.
             * @param message Cors message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Cors.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Cors message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Cors & waystone.v1.Cors.$Shape} Cors
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Cors & waystone.v1.Cors.$Shape;
        }

        namespace Cors {

            /** Properties of a Cors. */
            interface $Properties {

                /** Cors allowOrigins */
                allowOrigins?: (string[]|null);

                /** Cors allowCredentials */
                allowCredentials?: (boolean|null);

                /** Cors allowMethods */
                allowMethods?: (string[]|null);

                /** Cors allowHeaders */
                allowHeaders?: (string[]|null);

                /** Cors exposeHeaders */
                exposeHeaders?: (string[]|null);

                /** Cors maxAgeSeconds */
                maxAgeSeconds?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Cors. */
            type $Shape = waystone.v1.Cors.$Properties;
        }

        /**
         * Properties of a RouteBackend.
         * @deprecated Use waystone.v1.RouteBackend.$Properties instead.
         */
        interface IRouteBackend extends waystone.v1.RouteBackend.$Properties {
        }

        /** Represents a RouteBackend. */
        class RouteBackend {

            /**
             * Constructs a new RouteBackend.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.RouteBackend.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RouteBackend service. */
            service: string;

            /** RouteBackend port. */
            port: number;

            /** RouteBackend weight. */
            weight: number;

            /** RouteBackend filters. */
            filters: waystone.v1.RouteFilter.$Properties[];

            /** RouteBackend invalid. */
            invalid: string;

            /**
             * Encodes the specified RouteBackend message. Does not implicitly {@link waystone.v1.RouteBackend.verify|verify} messages.
             * @param message RouteBackend message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.RouteBackend.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RouteBackend message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.RouteBackend & waystone.v1.RouteBackend.$Shape} RouteBackend
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.RouteBackend & waystone.v1.RouteBackend.$Shape;
        }

        namespace RouteBackend {

            /** Properties of a RouteBackend. */
            interface $Properties {

                /** RouteBackend service */
                service?: (string|null);

                /** RouteBackend port */
                port?: (number|null);

                /** RouteBackend weight */
                weight?: (number|null);

                /** RouteBackend filters */
                filters?: (waystone.v1.RouteFilter.$Properties[]|null);

                /** RouteBackend invalid */
                invalid?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RouteBackend. */
            type $Shape = {
              service?: string|null;
              port?: number|null;
              weight?: number|null;
              filters?: waystone.v1.RouteFilter.$Shape[]|null;
              invalid?: string|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a Timeouts.
         * @deprecated Use waystone.v1.Timeouts.$Properties instead.
         */
        interface ITimeouts extends waystone.v1.Timeouts.$Properties {
        }

        /** Represents a Timeouts. */
        class Timeouts {

            /**
             * Constructs a new Timeouts.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Timeouts.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Timeouts requestMs. */
            requestMs?: (number|null);

            /** Timeouts backendRequestMs. */
            backendRequestMs: number;

            /**
             * Encodes the specified Timeouts message. Does not implicitly {@link waystone.v1.Timeouts.verify|verify} messages.
             * @param message Timeouts message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Timeouts.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Timeouts message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Timeouts & waystone.v1.Timeouts.$Shape} Timeouts
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Timeouts & waystone.v1.Timeouts.$Shape;
        }

        namespace Timeouts {

            /** Properties of a Timeouts. */
            interface $Properties {

                /** Timeouts requestMs */
                requestMs?: (number|null);

                /** Timeouts backendRequestMs */
                backendRequestMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Timeouts. */
            type $Shape = waystone.v1.Timeouts.$Properties;
        }

        /**
         * Properties of a Retry.
         * @deprecated Use waystone.v1.Retry.$Properties instead.
         */
        interface IRetry extends waystone.v1.Retry.$Properties {
        }

        /** Represents a Retry. */
        class Retry {

            /**
             * Constructs a new Retry.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Retry.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Retry attempts. */
            attempts: number;

            /** Retry backoffMs. */
            backoffMs: number;

            /** Retry codes. */
            codes: number[];

            /**
             * Encodes the specified Retry message. Does not implicitly {@link waystone.v1.Retry.verify|verify} messages.
             * @param message Retry message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Retry.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Retry message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Retry & waystone.v1.Retry.$Shape} Retry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Retry & waystone.v1.Retry.$Shape;
        }

        namespace Retry {

            /** Properties of a Retry. */
            interface $Properties {

                /** Retry attempts */
                attempts?: (number|null);

                /** Retry backoffMs */
                backoffMs?: (number|null);

                /** Retry codes */
                codes?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Retry. */
            type $Shape = waystone.v1.Retry.$Properties;
        }

        /**
         * Properties of a SessionPersistence.
         * @deprecated Use waystone.v1.SessionPersistence.$Properties instead.
         */
        interface ISessionPersistence extends waystone.v1.SessionPersistence.$Properties {
        }

        /** Represents a SessionPersistence. */
        class SessionPersistence {

            /**
             * Constructs a new SessionPersistence.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.SessionPersistence.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SessionPersistence type. */
            type: waystone.v1.SessionPersistenceType;

            /** SessionPersistence sessionName. */
            sessionName: string;

            /** SessionPersistence absoluteTimeoutMs. */
            absoluteTimeoutMs: number;

            /** SessionPersistence permanentCookie. */
            permanentCookie: boolean;

            /** SessionPersistence cookiePath. */
            cookiePath: string;

            /**
             * Encodes the specified SessionPersistence message. Does not implicitly {@link waystone.v1.SessionPersistence.verify|verify} messages.
             * @param message SessionPersistence message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.SessionPersistence.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SessionPersistence message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.SessionPersistence & waystone.v1.SessionPersistence.$Shape} SessionPersistence
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.SessionPersistence & waystone.v1.SessionPersistence.$Shape;
        }

        namespace SessionPersistence {

            /** Properties of a SessionPersistence. */
            interface $Properties {

                /** SessionPersistence type */
                type?: (waystone.v1.SessionPersistenceType|null);

                /** SessionPersistence sessionName */
                sessionName?: (string|null);

                /** SessionPersistence absoluteTimeoutMs */
                absoluteTimeoutMs?: (number|null);

                /** SessionPersistence permanentCookie */
                permanentCookie?: (boolean|null);

                /** SessionPersistence cookiePath */
                cookiePath?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SessionPersistence. */
            type $Shape = waystone.v1.SessionPersistence.$Properties;
        }

        /** SessionPersistenceType enum. */
        enum SessionPersistenceType {

            /** SESSION_COOKIE value */
            SESSION_COOKIE = 0,

            /** SESSION_HEADER value */
            SESSION_HEADER = 1
        }

        /**
         * Properties of a Policy.
         * @deprecated Use waystone.v1.Policy.$Properties instead.
         */
        interface IPolicy extends waystone.v1.Policy.$Properties {
        }

        /** Represents a Policy. */
        class Policy {

            /**
             * Constructs a new Policy.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Policy.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Policy kind. */
            kind: string;

            /** Policy namespace. */
            namespace: string;

            /** Policy name. */
            name: string;

            /** Policy generation. */
            generation: number;

            /** Policy createdAtSeconds. */
            createdAtSeconds: number;

            /** Policy mode. */
            mode: waystone.v1.PolicyMode;

            /** Policy targets. */
            targets: waystone.v1.PolicyTarget.$Properties[];

            /** Policy unusable. */
            unusable: string[];

            /** Policy authorization. */
            authorization?: (waystone.v1.Authorization.$Properties|null);

            /** Policy backendTls. */
            backendTls?: (waystone.v1.BackendTls.$Properties|null);

            /** Policy backendTraffic. */
            backendTraffic?: (waystone.v1.BackendTraffic.$Properties|null);

            /** Policy authentication. */
            authentication?: (waystone.v1.Authentication.$Properties|null);

            /** Policy spec. */
            spec?: ("authorization"|"backendTls"|"backendTraffic"|"authentication");

            /**
             * Encodes the specified Policy message. Does not implicitly {@link waystone.v1.Policy.verify|verify} messages.
             * @param message Policy message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Policy.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Policy message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Policy & waystone.v1.Policy.$Shape} Policy
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Policy & waystone.v1.Policy.$Shape;
        }

        namespace Policy {

            /** Properties of a Policy. */
            interface $Properties {

                /** Policy kind */
                kind?: (string|null);

                /** Policy namespace */
                namespace?: (string|null);

                /** Policy name */
                name?: (string|null);

                /** Policy generation */
                generation?: (number|null);

                /** Policy createdAtSeconds */
                createdAtSeconds?: (number|null);

                /** Policy mode */
                mode?: (waystone.v1.PolicyMode|null);

                /** Policy targets */
                targets?: (waystone.v1.PolicyTarget.$Properties[]|null);

                /** Policy unusable */
                unusable?: (string[]|null);

                /** Policy authorization */
                authorization?: (waystone.v1.Authorization.$Properties|null);

                /** Policy backendTls */
                backendTls?: (waystone.v1.BackendTls.$Properties|null);

                /** Policy backendTraffic */
                backendTraffic?: (waystone.v1.BackendTraffic.$Properties|null);

                /** Policy authentication */
                authentication?: (waystone.v1.Authentication.$Properties|null);

                /** Policy spec */
                spec?: ("authorization"|"backendTls"|"backendTraffic"|"authentication");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Policy. */
            type $Shape = {
              kind?: string|null;
              namespace?: string|null;
              name?: string|null;
              generation?: number|null;
              createdAtSeconds?: number|null;
              mode?: waystone.v1.PolicyMode|null;
              targets?: waystone.v1.PolicyTarget.$Shape[]|null;
              unusable?: string[]|null;
              authorization?: waystone.v1.Authorization.$Shape|null;
              backendTls?: waystone.v1.BackendTls.$Shape|null;
              backendTraffic?: waystone.v1.BackendTraffic.$Shape|null;
              authentication?: waystone.v1.Authentication.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ spec?: undefined; authorization?: null; backendTls?: null; backendTraffic?: null; authentication?: null }|{ spec?: "authorization"; authorization: waystone.v1.Authorization.$Shape; backendTls?: null; backendTraffic?: null; authentication?: null }|{ spec?: "backendTls"; authorization?: null; backendTls: waystone.v1.BackendTls.$Shape; backendTraffic?: null; authentication?: null }|{ spec?: "backendTraffic"; authorization?: null; backendTls?: null; backendTraffic: waystone.v1.BackendTraffic.$Shape; authentication?: null }|{ spec?: "authentication"; authorization?: null; backendTls?: null; backendTraffic?: null; authentication: waystone.v1.Authentication.$Shape })
            );
        }

        /** PolicyMode enum. */
        enum PolicyMode {

            /** POLICY_MODE_UNSPECIFIED value */
            POLICY_MODE_UNSPECIFIED = 0,

            /** ENFORCE value */
            ENFORCE = 1,

            /** SHADOW value */
            SHADOW = 2
        }

        /**
         * Properties of a PolicyTarget.
         * @deprecated Use waystone.v1.PolicyTarget.$Properties instead.
         */
        interface IPolicyTarget extends waystone.v1.PolicyTarget.$Properties {
        }

        /** Represents a PolicyTarget. */
        class PolicyTarget {

            /**
             * Constructs a new PolicyTarget.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.PolicyTarget.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PolicyTarget kind. */
            kind: string;

            /** PolicyTarget name. */
            name: string;

            /** PolicyTarget section. */
            section: string;

            /**
             * Encodes the specified PolicyTarget message. Does not implicitly {@link waystone.v1.PolicyTarget.verify|verify} messages.
             * @param message PolicyTarget message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.PolicyTarget.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PolicyTarget message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.PolicyTarget & waystone.v1.PolicyTarget.$Shape} PolicyTarget
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.PolicyTarget & waystone.v1.PolicyTarget.$Shape;
        }

        namespace PolicyTarget {

            /** Properties of a PolicyTarget. */
            interface $Properties {

                /** PolicyTarget kind */
                kind?: (string|null);

                /** PolicyTarget name */
                name?: (string|null);

                /** PolicyTarget section */
                section?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PolicyTarget. */
            type $Shape = waystone.v1.PolicyTarget.$Properties;
        }

        /**
         * Properties of an Authorization.
         * @deprecated Use waystone.v1.Authorization.$Properties instead.
         */
        interface IAuthorization extends waystone.v1.Authorization.$Properties {
        }

        /** Represents an Authorization. */
        class Authorization {

            /**
             * Constructs a new Authorization.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Authorization.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Authorization action. */
            action: waystone.v1.AuthorizationAction;

            /** Authorization minimumAssurance. */
            minimumAssurance: waystone.v1.Assurance;

            /** Authorization rules. */
            rules: waystone.v1.AuthorizationRule.$Properties[];

            /** Authorization provider. */
            provider?: (waystone.v1.Authorizer.$Properties|null);

            /**
             * Encodes the specified Authorization message. Does not implicitly {@link waystone.v1.Authorization.verify|verify} messages.
             * @param message Authorization message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Authorization.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Authorization message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Authorization & waystone.v1.Authorization.$Shape} Authorization
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Authorization & waystone.v1.Authorization.$Shape;
        }

        namespace Authorization {

            /** Properties of an Authorization. */
            interface $Properties {

                /** Authorization action */
                action?: (waystone.v1.AuthorizationAction|null);

                /** Authorization minimumAssurance */
                minimumAssurance?: (waystone.v1.Assurance|null);

                /** Authorization rules */
                rules?: (waystone.v1.AuthorizationRule.$Properties[]|null);

                /** Authorization provider */
                provider?: (waystone.v1.Authorizer.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Authorization. */
            type $Shape = waystone.v1.Authorization.$Properties;
        }

        /**
         * Properties of an Authorizer.
         * @deprecated Use waystone.v1.Authorizer.$Properties instead.
         */
        interface IAuthorizer extends waystone.v1.Authorizer.$Properties {
        }

        /** Represents an Authorizer. */
        class Authorizer {

            /**
             * Constructs a new Authorizer.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Authorizer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Authorizer service. */
            service: string;

            /** Authorizer port. */
            port: number;

            /** Authorizer api. */
            api: waystone.v1.AuthorizerApi;

            /** Authorizer invalid. */
            invalid: string;

            /** Authorizer timeoutMs. */
            timeoutMs: number;

            /** Authorizer failOpen. */
            failOpen: boolean;

            /** Authorizer statusOnError. */
            statusOnError: number;

            /** Authorizer bodyMaxBytes. */
            bodyMaxBytes: number;

            /** Authorizer bodyAllowPartial. */
            bodyAllowPartial: boolean;

            /** Authorizer contextExtensions. */
            contextExtensions: { [k: string]: string };

            /** Authorizer path. */
            path: string;

            /** Authorizer allowedHeaders. */
            allowedHeaders: string[];

            /** Authorizer headersToBackend. */
            headersToBackend: string[];

            /** Authorizer headersToClient. */
            headersToClient: string[];

            /** Authorizer allHeadersToBackend. */
            allHeadersToBackend: boolean;

            /** Authorizer allHeadersToClient. */
            allHeadersToClient: boolean;

            /**
             * Encodes the specified Authorizer message. Does not implicitly {@link waystone.v1.Authorizer.verify|verify} messages.
             * @param message Authorizer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Authorizer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Authorizer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Authorizer & waystone.v1.Authorizer.$Shape} Authorizer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Authorizer & waystone.v1.Authorizer.$Shape;
        }

        namespace Authorizer {

            /** Properties of an Authorizer. */
            interface $Properties {

                /** Authorizer service */
                service?: (string|null);

                /** Authorizer port */
                port?: (number|null);

                /** Authorizer api */
                api?: (waystone.v1.AuthorizerApi|null);

                /** Authorizer invalid */
                invalid?: (string|null);

                /** Authorizer timeoutMs */
                timeoutMs?: (number|null);

                /** Authorizer failOpen */
                failOpen?: (boolean|null);

                /** Authorizer statusOnError */
                statusOnError?: (number|null);

                /** Authorizer bodyMaxBytes */
                bodyMaxBytes?: (number|null);

                /** Authorizer bodyAllowPartial */
                bodyAllowPartial?: (boolean|null);

                /** Authorizer contextExtensions */
                contextExtensions?: ({ [k: string]: string }|null);

                /** Authorizer path */
                path?: (string|null);

                /** Authorizer allowedHeaders */
                allowedHeaders?: (string[]|null);

                /** Authorizer headersToBackend */
                headersToBackend?: (string[]|null);

                /** Authorizer headersToClient */
                headersToClient?: (string[]|null);

                /** Authorizer allHeadersToBackend */
                allHeadersToBackend?: (boolean|null);

                /** Authorizer allHeadersToClient */
                allHeadersToClient?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Authorizer. */
            type $Shape = waystone.v1.Authorizer.$Properties;
        }

        /** AuthorizerApi enum. */
        enum AuthorizerApi {

            /** AUTHORIZER_API_UNSPECIFIED value */
            AUTHORIZER_API_UNSPECIFIED = 0,

            /** EXT_AUTHZ_V3 value */
            EXT_AUTHZ_V3 = 1,

            /** HTTP_CHECK value */
            HTTP_CHECK = 2
        }

        /** AuthorizationAction enum. */
        enum AuthorizationAction {

            /** AUTHORIZATION_ACTION_UNSPECIFIED value */
            AUTHORIZATION_ACTION_UNSPECIFIED = 0,

            /** ALLOW value */
            ALLOW = 1,

            /** DENY value */
            DENY = 2,

            /** AUDIT value */
            AUDIT = 3,

            /** CUSTOM value */
            CUSTOM = 4
        }

        /** Assurance enum. */
        enum Assurance {

            /** ASSURANCE_NONE value */
            ASSURANCE_NONE = 0,

            /** ASSURANCE_NETWORK value */
            ASSURANCE_NETWORK = 1,

            /** ASSURANCE_TOKEN value */
            ASSURANCE_TOKEN = 2,

            /** ASSURANCE_TLS value */
            ASSURANCE_TLS = 3
        }

        /**
         * Properties of an AuthorizationRule.
         * @deprecated Use waystone.v1.AuthorizationRule.$Properties instead.
         */
        interface IAuthorizationRule extends waystone.v1.AuthorizationRule.$Properties {
        }

        /** Represents an AuthorizationRule. */
        class AuthorizationRule {

            /**
             * Constructs a new AuthorizationRule.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.AuthorizationRule.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AuthorizationRule name. */
            name: string;

            /** AuthorizationRule from. */
            from: waystone.v1.AuthorizationConditions.$Properties[];

            /** AuthorizationRule to. */
            to: waystone.v1.AuthorizationConditions.$Properties[];

            /**
             * Encodes the specified AuthorizationRule message. Does not implicitly {@link waystone.v1.AuthorizationRule.verify|verify} messages.
             * @param message AuthorizationRule message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.AuthorizationRule.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AuthorizationRule message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.AuthorizationRule & waystone.v1.AuthorizationRule.$Shape} AuthorizationRule
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.AuthorizationRule & waystone.v1.AuthorizationRule.$Shape;
        }

        namespace AuthorizationRule {

            /** Properties of an AuthorizationRule. */
            interface $Properties {

                /** AuthorizationRule name */
                name?: (string|null);

                /** AuthorizationRule from */
                from?: (waystone.v1.AuthorizationConditions.$Properties[]|null);

                /** AuthorizationRule to */
                to?: (waystone.v1.AuthorizationConditions.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AuthorizationRule. */
            type $Shape = waystone.v1.AuthorizationRule.$Properties;
        }

        /**
         * Properties of an AuthorizationConditions.
         * @deprecated Use waystone.v1.AuthorizationConditions.$Properties instead.
         */
        interface IAuthorizationConditions extends waystone.v1.AuthorizationConditions.$Properties {
        }

        /** Represents an AuthorizationConditions. */
        class AuthorizationConditions {

            /**
             * Constructs a new AuthorizationConditions.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.AuthorizationConditions.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AuthorizationConditions conditions. */
            conditions: waystone.v1.AuthorizationCondition.$Properties[];

            /**
             * Encodes the specified AuthorizationConditions message. Does not implicitly {@link waystone.v1.AuthorizationConditions.verify|verify} messages.
             * @param message AuthorizationConditions message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.AuthorizationConditions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AuthorizationConditions message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.AuthorizationConditions & waystone.v1.AuthorizationConditions.$Shape} AuthorizationConditions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.AuthorizationConditions & waystone.v1.AuthorizationConditions.$Shape;
        }

        namespace AuthorizationConditions {

            /** Properties of an AuthorizationConditions. */
            interface $Properties {

                /** AuthorizationConditions conditions */
                conditions?: (waystone.v1.AuthorizationCondition.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AuthorizationConditions. */
            type $Shape = waystone.v1.AuthorizationConditions.$Properties;
        }

        /**
         * Properties of an AuthorizationCondition.
         * @deprecated Use waystone.v1.AuthorizationCondition.$Properties instead.
         */
        interface IAuthorizationCondition extends waystone.v1.AuthorizationCondition.$Properties {
        }

        /** Represents an AuthorizationCondition. */
        class AuthorizationCondition {

            /**
             * Constructs a new AuthorizationCondition.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.AuthorizationCondition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AuthorizationCondition attribute. */
            attribute: string;

            /** AuthorizationCondition key. */
            key: string;

            /** AuthorizationCondition values. */
            values: string[];

            /** AuthorizationCondition negated. */
            negated: boolean;

            /**
             * Encodes the specified AuthorizationCondition message. Does not implicitly {@link waystone.v1.AuthorizationCondition.verify|verify} messages.
             * @param message AuthorizationCondition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.AuthorizationCondition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AuthorizationCondition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.AuthorizationCondition & waystone.v1.AuthorizationCondition.$Shape} AuthorizationCondition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.AuthorizationCondition & waystone.v1.AuthorizationCondition.$Shape;
        }

        namespace AuthorizationCondition {

            /** Properties of an AuthorizationCondition. */
            interface $Properties {

                /** AuthorizationCondition attribute */
                attribute?: (string|null);

                /** AuthorizationCondition key */
                key?: (string|null);

                /** AuthorizationCondition values */
                values?: (string[]|null);

                /** AuthorizationCondition negated */
                negated?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AuthorizationCondition. */
            type $Shape = waystone.v1.AuthorizationCondition.$Properties;
        }

        /**
         * Properties of an Authentication.
         * @deprecated Use waystone.v1.Authentication.$Properties instead.
         */
        interface IAuthentication extends waystone.v1.Authentication.$Properties {
        }

        /** Represents an Authentication. */
        class Authentication {

            /**
             * Constructs a new Authentication.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Authentication.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Authentication settings. */
            settings: waystone.v1.AuthenticationSetting.$Properties[];

            /**
             * Encodes the specified Authentication message. Does not implicitly {@link waystone.v1.Authentication.verify|verify} messages.
             * @param message Authentication message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Authentication.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Authentication message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Authentication & waystone.v1.Authentication.$Shape} Authentication
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Authentication & waystone.v1.Authentication.$Shape;
        }

        namespace Authentication {

            /** Properties of an Authentication. */
            interface $Properties {

                /** Authentication settings */
                settings?: (waystone.v1.AuthenticationSetting.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Authentication. */
            type $Shape = waystone.v1.Authentication.$Properties;
        }

        /**
         * Properties of an AuthenticationSetting.
         * @deprecated Use waystone.v1.AuthenticationSetting.$Properties instead.
         */
        interface IAuthenticationSetting extends waystone.v1.AuthenticationSetting.$Properties {
        }

        /** Represents an AuthenticationSetting. */
        class AuthenticationSetting {

            /**
             * Constructs a new AuthenticationSetting.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.AuthenticationSetting.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AuthenticationSetting name. */
            name: string;

            /** AuthenticationSetting value. */
            value: string;

            /** AuthenticationSetting settings. */
            settings: waystone.v1.AuthenticationSetting.$Properties[];

            /**
             * Encodes the specified AuthenticationSetting message. Does not implicitly {@link waystone.v1.AuthenticationSetting.verify|verify} messages.
             * @param message AuthenticationSetting message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.AuthenticationSetting.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AuthenticationSetting message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.AuthenticationSetting & waystone.v1.AuthenticationSetting.$Shape} AuthenticationSetting
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.AuthenticationSetting & waystone.v1.AuthenticationSetting.$Shape;
        }

        namespace AuthenticationSetting {

            /** Properties of an AuthenticationSetting. */
            interface $Properties {

                /** AuthenticationSetting name */
                name?: (string|null);

                /** AuthenticationSetting value */
                value?: (string|null);

                /** AuthenticationSetting settings */
                settings?: (waystone.v1.AuthenticationSetting.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AuthenticationSetting. */
            type $Shape = waystone.v1.AuthenticationSetting.$Properties;
        }

        /**
         * Properties of a BackendTls.
         * @deprecated Use waystone.v1.BackendTls.$Properties instead.
         */
        interface IBackendTls extends waystone.v1.BackendTls.$Properties {
        }

        /** Represents a BackendTls. */
        class BackendTls {

            /**
             * Constructs a new BackendTls.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.BackendTls.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BackendTls hostname. */
            hostname: string;

            /** BackendTls subjectAltNames. */
            subjectAltNames: waystone.v1.SubjectAltName.$Properties[];

            /** BackendTls systemRoots. */
            systemRoots: boolean;

            /** BackendTls caCertificates. */
            caCertificates: string[];

            /**
             * Encodes the specified BackendTls message. Does not implicitly {@link waystone.v1.BackendTls.verify|verify} messages.
             * @param message BackendTls message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.BackendTls.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BackendTls message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.BackendTls & waystone.v1.BackendTls.$Shape} BackendTls
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.BackendTls & waystone.v1.BackendTls.$Shape;
        }

        namespace BackendTls {

            /** Properties of a BackendTls. */
            interface $Properties {

                /** BackendTls hostname */
                hostname?: (string|null);

                /** BackendTls subjectAltNames */
                subjectAltNames?: (waystone.v1.SubjectAltName.$Properties[]|null);

                /** BackendTls systemRoots */
                systemRoots?: (boolean|null);

                /** BackendTls caCertificates */
                caCertificates?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BackendTls. */
            type $Shape = {
              hostname?: string|null;
              subjectAltNames?: waystone.v1.SubjectAltName.$Shape[]|null;
              systemRoots?: boolean|null;
              caCertificates?: string[]|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a SubjectAltName.
         * @deprecated Use waystone.v1.SubjectAltName.$Properties instead.
         */
        interface ISubjectAltName extends waystone.v1.SubjectAltName.$Properties {
        }

        /** Represents a SubjectAltName. */
        class SubjectAltName {

            /**
             * Constructs a new SubjectAltName.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.SubjectAltName.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SubjectAltName hostname. */
            hostname?: (string|null);

            /** SubjectAltName uri. */
            uri?: (string|null);

            /** SubjectAltName name. */
            name?: ("hostname"|"uri");

            /**
             * Encodes the specified SubjectAltName message. Does not implicitly {@link waystone.v1.SubjectAltName.verify|verify} messages.
             * @param message SubjectAltName message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.SubjectAltName.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SubjectAltName message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.SubjectAltName & waystone.v1.SubjectAltName.$Shape} SubjectAltName
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.SubjectAltName & waystone.v1.SubjectAltName.$Shape;
        }

        namespace SubjectAltName {

            /** Properties of a SubjectAltName. */
            interface $Properties {

                /** SubjectAltName hostname */
                hostname?: (string|null);

                /** SubjectAltName uri */
                uri?: (string|null);

                /** SubjectAltName name */
                name?: ("hostname"|"uri");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a SubjectAltName. */
            type $Shape = {
              hostname?: string|null;
              uri?: string|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ name?: undefined; hostname?: null; uri?: null }|{ name?: "hostname"; hostname: string; uri?: null }|{ name?: "uri"; hostname?: null; uri: string })
            );
        }

        /**
         * Properties of a BackendTraffic.
         * @deprecated Use waystone.v1.BackendTraffic.$Properties instead.
         */
        interface IBackendTraffic extends waystone.v1.BackendTraffic.$Properties {
        }

        /** Represents a BackendTraffic. */
        class BackendTraffic {

            /**
             * Constructs a new BackendTraffic.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.BackendTraffic.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BackendTraffic retryBudget. */
            retryBudget?: (waystone.v1.RetryBudget.$Properties|null);

            /** BackendTraffic sessionPersistence. */
            sessionPersistence?: (waystone.v1.SessionPersistence.$Properties|null);

            /**
             * Encodes the specified BackendTraffic message. Does not implicitly {@link waystone.v1.BackendTraffic.verify|verify} messages.
             * @param message BackendTraffic message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.BackendTraffic.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BackendTraffic message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.BackendTraffic & waystone.v1.BackendTraffic.$Shape} BackendTraffic
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.BackendTraffic & waystone.v1.BackendTraffic.$Shape;
        }

        namespace BackendTraffic {

            /** Properties of a BackendTraffic. */
            interface $Properties {

                /** BackendTraffic retryBudget */
                retryBudget?: (waystone.v1.RetryBudget.$Properties|null);

                /** BackendTraffic sessionPersistence */
                sessionPersistence?: (waystone.v1.SessionPersistence.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BackendTraffic. */
            type $Shape = waystone.v1.BackendTraffic.$Properties;
        }

        /**
         * Properties of a RetryBudget.
         * @deprecated Use waystone.v1.RetryBudget.$Properties instead.
         */
        interface IRetryBudget extends waystone.v1.RetryBudget.$Properties {
        }

        /** Represents a RetryBudget. */
        class RetryBudget {

            /**
             * Constructs a new RetryBudget.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.RetryBudget.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RetryBudget percent. */
            percent: number;

            /** RetryBudget intervalMs. */
            intervalMs: number;

            /** RetryBudget minRetries. */
            minRetries: number;

            /** RetryBudget minRetriesIntervalMs. */
            minRetriesIntervalMs: number;

            /**
             * Encodes the specified RetryBudget message. Does not implicitly {@link waystone.v1.RetryBudget.verify|verify} messages.
             * @param message RetryBudget message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.RetryBudget.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RetryBudget message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.RetryBudget & waystone.v1.RetryBudget.$Shape} RetryBudget
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.RetryBudget & waystone.v1.RetryBudget.$Shape;
        }

        namespace RetryBudget {

            /** Properties of a RetryBudget. */
            interface $Properties {

                /** RetryBudget percent */
                percent?: (number|null);

                /** RetryBudget intervalMs */
                intervalMs?: (number|null);

                /** RetryBudget minRetries */
                minRetries?: (number|null);

                /** RetryBudget minRetriesIntervalMs */
                minRetriesIntervalMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RetryBudget. */
            type $Shape = waystone.v1.RetryBudget.$Properties;
        }

        /**
         * Properties of a Secret.
         * @deprecated Use waystone.v1.Secret.$Properties instead.
         */
        interface ISecret extends waystone.v1.Secret.$Properties {
        }

        /** Represents a Secret. */
        class Secret {

            /**
             * Constructs a new Secret.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Secret.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Secret clientCertificate. */
            clientCertificate?: (waystone.v1.ClientCertificate.$Properties|null);

            /** Secret credentials. */
            credentials?: (waystone.v1.Credentials.$Properties|null);

            /** Secret content. */
            content?: ("clientCertificate"|"credentials");

            /**
             * Encodes the specified Secret message. Does not implicitly {@link waystone.v1.Secret.verify|verify} messages.
             * @param message Secret message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Secret.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Secret message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Secret & waystone.v1.Secret.$Shape} Secret
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Secret & waystone.v1.Secret.$Shape;
        }

        namespace Secret {

            /** Properties of a Secret. */
            interface $Properties {

                /** Secret clientCertificate */
                clientCertificate?: (waystone.v1.ClientCertificate.$Properties|null);

                /** Secret credentials */
                credentials?: (waystone.v1.Credentials.$Properties|null);

                /** Secret content */
                content?: ("clientCertificate"|"credentials");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Secret. */
            type $Shape = {
              clientCertificate?: waystone.v1.ClientCertificate.$Shape|null;
              credentials?: waystone.v1.Credentials.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ content?: undefined; clientCertificate?: null; credentials?: null }|{ content?: "clientCertificate"; clientCertificate: waystone.v1.ClientCertificate.$Shape; credentials?: null }|{ content?: "credentials"; clientCertificate?: null; credentials: waystone.v1.Credentials.$Shape })
            );
        }

        /**
         * Properties of a Credentials.
         * @deprecated Use waystone.v1.Credentials.$Properties instead.
         */
        interface ICredentials extends waystone.v1.Credentials.$Properties {
        }

        /** Represents a Credentials. */
        class Credentials {

            /**
             * Constructs a new Credentials.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Credentials.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Credentials apiKeys. */
            apiKeys: waystone.v1.ApiKey.$Properties[];

            /** Credentials users. */
            users: waystone.v1.BasicUser.$Properties[];

            /**
             * Encodes the specified Credentials message. Does not implicitly {@link waystone.v1.Credentials.verify|verify} messages.
             * @param message Credentials message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Credentials.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Credentials message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Credentials & waystone.v1.Credentials.$Shape} Credentials
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Credentials & waystone.v1.Credentials.$Shape;
        }

        namespace Credentials {

            /** Properties of a Credentials. */
            interface $Properties {

                /** Credentials apiKeys */
                apiKeys?: (waystone.v1.ApiKey.$Properties[]|null);

                /** Credentials users */
                users?: (waystone.v1.BasicUser.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Credentials. */
            type $Shape = waystone.v1.Credentials.$Properties;
        }

        /**
         * Properties of an ApiKey.
         * @deprecated Use waystone.v1.ApiKey.$Properties instead.
         */
        interface IApiKey extends waystone.v1.ApiKey.$Properties {
        }

        /** Represents an ApiKey. */
        class ApiKey {

            /**
             * Constructs a new ApiKey.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.ApiKey.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ApiKey owner. */
            owner: string;

            /** ApiKey sha256. */
            sha256: Uint8Array;

            /**
             * Encodes the specified ApiKey message. Does not implicitly {@link waystone.v1.ApiKey.verify|verify} messages.
             * @param message ApiKey message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.ApiKey.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ApiKey message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.ApiKey & waystone.v1.ApiKey.$Shape} ApiKey
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.ApiKey & waystone.v1.ApiKey.$Shape;
        }

        namespace ApiKey {

            /** Properties of an ApiKey. */
            interface $Properties {

                /** ApiKey owner */
                owner?: (string|null);

                /** ApiKey sha256 */
                sha256?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ApiKey. */
            type $Shape = waystone.v1.ApiKey.$Properties;
        }

        /**
         * Properties of a BasicUser.
         * @deprecated Use waystone.v1.BasicUser.$Properties instead.
         */
        interface IBasicUser extends waystone.v1.BasicUser.$Properties {
        }

        /** Represents a BasicUser. */
        class BasicUser {

            /**
             * Constructs a new BasicUser.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.BasicUser.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BasicUser name. */
            name: string;

            /** BasicUser passwordHash. */
            passwordHash: string;

            /**
             * Encodes the specified BasicUser message. Does not implicitly {@link waystone.v1.BasicUser.verify|verify} messages.
             * @param message BasicUser message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.BasicUser.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BasicUser message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.BasicUser & waystone.v1.BasicUser.$Shape} BasicUser
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.BasicUser & waystone.v1.BasicUser.$Shape;
        }

        namespace BasicUser {

            /** Properties of a BasicUser. */
            interface $Properties {

                /** BasicUser name */
                name?: (string|null);

                /** BasicUser passwordHash */
                passwordHash?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BasicUser. */
            type $Shape = waystone.v1.BasicUser.$Properties;
        }

        /**
         * Properties of a ClientCertificate.
         * @deprecated Use waystone.v1.ClientCertificate.$Properties instead.
         */
        interface IClientCertificate extends waystone.v1.ClientCertificate.$Properties {
        }

        /** Represents a ClientCertificate. */
        class ClientCertificate {

            /**
             * Constructs a new ClientCertificate.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.ClientCertificate.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ClientCertificate certificatePem. */
            certificatePem: string;

            /** ClientCertificate keyPem. */
            keyPem: string;

            /**
             * Encodes the specified ClientCertificate message. Does not implicitly {@link waystone.v1.ClientCertificate.verify|verify} messages.
             * @param message ClientCertificate message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.ClientCertificate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ClientCertificate message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.ClientCertificate & waystone.v1.ClientCertificate.$Shape} ClientCertificate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.ClientCertificate & waystone.v1.ClientCertificate.$Shape;
        }

        namespace ClientCertificate {

            /** Properties of a ClientCertificate. */
            interface $Properties {

                /** ClientCertificate certificatePem */
                certificatePem?: (string|null);

                /** ClientCertificate keyPem */
                keyPem?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ClientCertificate. */
            type $Shape = waystone.v1.ClientCertificate.$Properties;
        }

        /**
         * Properties of a Rejections.
         * @deprecated Use waystone.v1.Rejections.$Properties instead.
         */
        interface IRejections extends waystone.v1.Rejections.$Properties {
        }

        /** Represents a Rejections. */
        class Rejections {

            /**
             * Constructs a new Rejections.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Rejections.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Rejections rejections. */
            rejections: waystone.v1.Rejection.$Properties[];

            /**
             * Encodes the specified Rejections message. Does not implicitly {@link waystone.v1.Rejections.verify|verify} messages.
             * @param message Rejections message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Rejections.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Rejections message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Rejections & waystone.v1.Rejections.$Shape} Rejections
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Rejections & waystone.v1.Rejections.$Shape;
        }

        namespace Rejections {

            /** Properties of a Rejections. */
            interface $Properties {

                /** Rejections rejections */
                rejections?: (waystone.v1.Rejection.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Rejections. */
            type $Shape = waystone.v1.Rejections.$Properties;
        }

        /**
         * Properties of a Rejection.
         * @deprecated Use waystone.v1.Rejection.$Properties instead.
         */
        interface IRejection extends waystone.v1.Rejection.$Properties {
        }

        /** Represents a Rejection. */
        class Rejection {

            /**
             * Constructs a new Rejection.
             * @param [properties] Properties to set
             */
            constructor(properties?: waystone.v1.Rejection.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Rejection name. */
            name: string;

            /** Rejection reason. */
            reason: string;

            /**
             * Encodes the specified Rejection message. Does not implicitly {@link waystone.v1.Rejection.verify|verify} messages.
             * @param message Rejection message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: waystone.v1.Rejection.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Rejection message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {waystone.v1.Rejection & waystone.v1.Rejection.$Shape} Rejection
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): waystone.v1.Rejection & waystone.v1.Rejection.$Shape;
        }

        namespace Rejection {

            /** Properties of a Rejection. */
            interface $Properties {

                /** Rejection name */
                name?: (string|null);

                /** Rejection reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Rejection. */
            type $Shape = waystone.v1.Rejection.$Properties;
        }
    }
}
