/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const waystone = $root.waystone = (() => {

    /**
     * Namespace waystone.
     * @exports waystone
     * @namespace
     */
    const waystone = {};

    waystone.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof waystone
         * @namespace
         */
        const v1 = {};

        v1.Service = (function() {

            /**
             * Properties of a Service.
             * @typedef {Object} waystone.v1.Service.$Properties
             * @property {string|null} [namespace] Service namespace
             * @property {string|null} [name] Service name
             * @property {number|null} [generation] Service generation
             * @property {string|null} [waypoint] Service waypoint
             * @property {Array.<waystone.v1.ServicePort.$Properties>|null} [ports] Service ports
             * @property {boolean|null} [releasing] Service releasing
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Service.
             * @memberof waystone.v1
             * @interface IService
             * @augments waystone.v1.Service.$Properties
             * @deprecated Use waystone.v1.Service.$Properties instead.
             */

            /**
             * Shape of a Service.
             * @typedef {waystone.v1.Service.$Properties} waystone.v1.Service.$Shape
             */

            /**
             * Constructs a new Service.
             * @memberof waystone.v1
             * @classdesc Represents a Service.
             * @constructor
             * @param {waystone.v1.Service.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Service = function (properties) {
                this.ports = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Service namespace.
             * @member {string} namespace
             * @memberof waystone.v1.Service
             * @instance
             */
            Service.prototype.namespace = "";

            /**
             * Service name.
             * @member {string} name
             * @memberof waystone.v1.Service
             * @instance
             */
            Service.prototype.name = "";

            /**
             * Service generation.
             * @member {number} generation
             * @memberof waystone.v1.Service
             * @instance
             */
            Service.prototype.generation = 0;

            /**
             * Service waypoint.
             * @member {string} waypoint
             * @memberof waystone.v1.Service
             * @instance
             */
            Service.prototype.waypoint = "";

            /**
             * Service ports.
             * @member {Array.<waystone.v1.ServicePort.$Properties>} ports
             * @memberof waystone.v1.Service
             * @instance
             */
            Service.prototype.ports = $util.emptyArray;

            /**
             * Service releasing.
             * @member {boolean} releasing
             * @memberof waystone.v1.Service
             * @instance
             */
            Service.prototype.releasing = false;

            /**
             * Encodes the specified Service message. Does not implicitly {@link waystone.v1.Service.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Service
             * @static
             * @param {waystone.v1.Service.$Properties} message Service message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Service.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.generation);
                if (message.waypoint != null && $Object.hasOwnProperty.call(message, "waypoint") && message.waypoint !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.waypoint);
                if (message.ports != null && message.ports.length)
                    for (let i = 0; i < message.ports.length; ++i)
                        $root.waystone.v1.ServicePort.encode(message.ports[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.releasing != null && $Object.hasOwnProperty.call(message, "releasing") && message.releasing !== false)
                    writer.uint32(/* id 6, wireType 0 =*/48).bool(message.releasing);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Service message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Service
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Service & waystone.v1.Service.$Shape} Service
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Service.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Service();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.waypoint = value;
                            else
                                delete message.waypoint;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.ports && message.ports.length))
                                message.ports = [];
                            message.ports.push($root.waystone.v1.ServicePort.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.releasing = value;
                            else
                                delete message.releasing;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Service;
        })();

        /**
         * Protocol enum.
         * @name waystone.v1.Protocol
         * @enum {number}
         * @property {number} PROTOCOL_UNSPECIFIED=0 PROTOCOL_UNSPECIFIED value
         * @property {number} TCP=1 TCP value
         * @property {number} HTTP=2 HTTP value
         * @property {number} HTTP2=3 HTTP2 value
         * @property {number} GRPC=4 GRPC value
         * @property {number} TLS=5 TLS value
         */
        v1.Protocol = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "PROTOCOL_UNSPECIFIED"] = 0;
            values[valuesById[1] = "TCP"] = 1;
            values[valuesById[2] = "HTTP"] = 2;
            values[valuesById[3] = "HTTP2"] = 3;
            values[valuesById[4] = "GRPC"] = 4;
            values[valuesById[5] = "TLS"] = 5;
            return values;
        })();

        v1.ServicePort = (function() {

            /**
             * Properties of a ServicePort.
             * @typedef {Object} waystone.v1.ServicePort.$Properties
             * @property {string|null} [name] ServicePort name
             * @property {number|null} [port] ServicePort port
             * @property {waystone.v1.Protocol|null} [protocol] ServicePort protocol
             * @property {string|null} [protocolReason] ServicePort protocolReason
             * @property {Array.<waystone.v1.ListenAddress.$Properties>|null} [listen] ServicePort listen
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ServicePort.
             * @memberof waystone.v1
             * @interface IServicePort
             * @augments waystone.v1.ServicePort.$Properties
             * @deprecated Use waystone.v1.ServicePort.$Properties instead.
             */

            /**
             * Shape of a ServicePort.
             * @typedef {waystone.v1.ServicePort.$Properties} waystone.v1.ServicePort.$Shape
             */

            /**
             * Constructs a new ServicePort.
             * @memberof waystone.v1
             * @classdesc Represents a ServicePort.
             * @constructor
             * @param {waystone.v1.ServicePort.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ServicePort = function (properties) {
                this.listen = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ServicePort name.
             * @member {string} name
             * @memberof waystone.v1.ServicePort
             * @instance
             */
            ServicePort.prototype.name = "";

            /**
             * ServicePort port.
             * @member {number} port
             * @memberof waystone.v1.ServicePort
             * @instance
             */
            ServicePort.prototype.port = 0;

            /**
             * ServicePort protocol.
             * @member {waystone.v1.Protocol} protocol
             * @memberof waystone.v1.ServicePort
             * @instance
             */
            ServicePort.prototype.protocol = 0;

            /**
             * ServicePort protocolReason.
             * @member {string} protocolReason
             * @memberof waystone.v1.ServicePort
             * @instance
             */
            ServicePort.prototype.protocolReason = "";

            /**
             * ServicePort listen.
             * @member {Array.<waystone.v1.ListenAddress.$Properties>} listen
             * @memberof waystone.v1.ServicePort
             * @instance
             */
            ServicePort.prototype.listen = $util.emptyArray;

            /**
             * Encodes the specified ServicePort message. Does not implicitly {@link waystone.v1.ServicePort.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.ServicePort
             * @static
             * @param {waystone.v1.ServicePort.$Properties} message ServicePort message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ServicePort.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.port);
                if (message.protocol != null && $Object.hasOwnProperty.call(message, "protocol") && message.protocol !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.protocol);
                if (message.protocolReason != null && $Object.hasOwnProperty.call(message, "protocolReason") && message.protocolReason !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.protocolReason);
                if (message.listen != null && message.listen.length)
                    for (let i = 0; i < message.listen.length; ++i)
                        $root.waystone.v1.ListenAddress.encode(message.listen[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ServicePort message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.ServicePort
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.ServicePort & waystone.v1.ServicePort.$Shape} ServicePort
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ServicePort.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.ServicePort();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.port = value;
                            else
                                delete message.port;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.protocol = value;
                            else
                                delete message.protocol;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.protocolReason = value;
                            else
                                delete message.protocolReason;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.listen && message.listen.length))
                                message.listen = [];
                            message.listen.push($root.waystone.v1.ListenAddress.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ServicePort;
        })();

        v1.ListenAddress = (function() {

            /**
             * Properties of a ListenAddress.
             * @typedef {Object} waystone.v1.ListenAddress.$Properties
             * @property {string|null} [address] ListenAddress address
             * @property {number|null} [port] ListenAddress port
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ListenAddress.
             * @memberof waystone.v1
             * @interface IListenAddress
             * @augments waystone.v1.ListenAddress.$Properties
             * @deprecated Use waystone.v1.ListenAddress.$Properties instead.
             */

            /**
             * Shape of a ListenAddress.
             * @typedef {waystone.v1.ListenAddress.$Properties} waystone.v1.ListenAddress.$Shape
             */

            /**
             * Constructs a new ListenAddress.
             * @memberof waystone.v1
             * @classdesc Represents a ListenAddress.
             * @constructor
             * @param {waystone.v1.ListenAddress.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ListenAddress = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ListenAddress address.
             * @member {string} address
             * @memberof waystone.v1.ListenAddress
             * @instance
             */
            ListenAddress.prototype.address = "";

            /**
             * ListenAddress port.
             * @member {number} port
             * @memberof waystone.v1.ListenAddress
             * @instance
             */
            ListenAddress.prototype.port = 0;

            /**
             * Encodes the specified ListenAddress message. Does not implicitly {@link waystone.v1.ListenAddress.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.ListenAddress
             * @static
             * @param {waystone.v1.ListenAddress.$Properties} message ListenAddress message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ListenAddress.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.address);
                if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.port);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ListenAddress message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.ListenAddress
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.ListenAddress & waystone.v1.ListenAddress.$Shape} ListenAddress
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ListenAddress.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.ListenAddress();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.address = value;
                            else
                                delete message.address;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.port = value;
                            else
                                delete message.port;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ListenAddress;
        })();

        v1.EndpointSlice = (function() {

            /**
             * Properties of an EndpointSlice.
             * @typedef {Object} waystone.v1.EndpointSlice.$Properties
             * @property {string|null} [namespace] EndpointSlice namespace
             * @property {string|null} [name] EndpointSlice name
             * @property {string|null} [service] EndpointSlice service
             * @property {Array.<waystone.v1.EndpointPort.$Properties>|null} [ports] EndpointSlice ports
             * @property {Array.<waystone.v1.Endpoint.$Properties>|null} [endpoints] EndpointSlice endpoints
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an EndpointSlice.
             * @memberof waystone.v1
             * @interface IEndpointSlice
             * @augments waystone.v1.EndpointSlice.$Properties
             * @deprecated Use waystone.v1.EndpointSlice.$Properties instead.
             */

            /**
             * Shape of an EndpointSlice.
             * @typedef {waystone.v1.EndpointSlice.$Properties} waystone.v1.EndpointSlice.$Shape
             */

            /**
             * Constructs a new EndpointSlice.
             * @memberof waystone.v1
             * @classdesc Represents an EndpointSlice.
             * @constructor
             * @param {waystone.v1.EndpointSlice.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const EndpointSlice = function (properties) {
                this.ports = [];
                this.endpoints = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * EndpointSlice namespace.
             * @member {string} namespace
             * @memberof waystone.v1.EndpointSlice
             * @instance
             */
            EndpointSlice.prototype.namespace = "";

            /**
             * EndpointSlice name.
             * @member {string} name
             * @memberof waystone.v1.EndpointSlice
             * @instance
             */
            EndpointSlice.prototype.name = "";

            /**
             * EndpointSlice service.
             * @member {string} service
             * @memberof waystone.v1.EndpointSlice
             * @instance
             */
            EndpointSlice.prototype.service = "";

            /**
             * EndpointSlice ports.
             * @member {Array.<waystone.v1.EndpointPort.$Properties>} ports
             * @memberof waystone.v1.EndpointSlice
             * @instance
             */
            EndpointSlice.prototype.ports = $util.emptyArray;

            /**
             * EndpointSlice endpoints.
             * @member {Array.<waystone.v1.Endpoint.$Properties>} endpoints
             * @memberof waystone.v1.EndpointSlice
             * @instance
             */
            EndpointSlice.prototype.endpoints = $util.emptyArray;

            /**
             * Encodes the specified EndpointSlice message. Does not implicitly {@link waystone.v1.EndpointSlice.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.EndpointSlice
             * @static
             * @param {waystone.v1.EndpointSlice.$Properties} message EndpointSlice message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            EndpointSlice.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.service != null && $Object.hasOwnProperty.call(message, "service") && message.service !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.service);
                if (message.ports != null && message.ports.length)
                    for (let i = 0; i < message.ports.length; ++i)
                        $root.waystone.v1.EndpointPort.encode(message.ports[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.endpoints != null && message.endpoints.length)
                    for (let i = 0; i < message.endpoints.length; ++i)
                        $root.waystone.v1.Endpoint.encode(message.endpoints[i], writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an EndpointSlice message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.EndpointSlice
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.EndpointSlice & waystone.v1.EndpointSlice.$Shape} EndpointSlice
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            EndpointSlice.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.EndpointSlice();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.service = value;
                            else
                                delete message.service;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.ports && message.ports.length))
                                message.ports = [];
                            message.ports.push($root.waystone.v1.EndpointPort.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.endpoints && message.endpoints.length))
                                message.endpoints = [];
                            message.endpoints.push($root.waystone.v1.Endpoint.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EndpointSlice;
        })();

        v1.EndpointPort = (function() {

            /**
             * Properties of an EndpointPort.
             * @typedef {Object} waystone.v1.EndpointPort.$Properties
             * @property {string|null} [name] EndpointPort name
             * @property {number|null} [port] EndpointPort port
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an EndpointPort.
             * @memberof waystone.v1
             * @interface IEndpointPort
             * @augments waystone.v1.EndpointPort.$Properties
             * @deprecated Use waystone.v1.EndpointPort.$Properties instead.
             */

            /**
             * Shape of an EndpointPort.
             * @typedef {waystone.v1.EndpointPort.$Properties} waystone.v1.EndpointPort.$Shape
             */

            /**
             * Constructs a new EndpointPort.
             * @memberof waystone.v1
             * @classdesc Represents an EndpointPort.
             * @constructor
             * @param {waystone.v1.EndpointPort.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const EndpointPort = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * EndpointPort name.
             * @member {string} name
             * @memberof waystone.v1.EndpointPort
             * @instance
             */
            EndpointPort.prototype.name = "";

            /**
             * EndpointPort port.
             * @member {number} port
             * @memberof waystone.v1.EndpointPort
             * @instance
             */
            EndpointPort.prototype.port = 0;

            /**
             * Encodes the specified EndpointPort message. Does not implicitly {@link waystone.v1.EndpointPort.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.EndpointPort
             * @static
             * @param {waystone.v1.EndpointPort.$Properties} message EndpointPort message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            EndpointPort.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.port);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an EndpointPort message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.EndpointPort
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.EndpointPort & waystone.v1.EndpointPort.$Shape} EndpointPort
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            EndpointPort.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.EndpointPort();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.port = value;
                            else
                                delete message.port;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EndpointPort;
        })();

        v1.Endpoint = (function() {

            /**
             * Properties of an Endpoint.
             * @typedef {Object} waystone.v1.Endpoint.$Properties
             * @property {string|null} [address] Endpoint address
             * @property {boolean|null} [ready] Endpoint ready
             * @property {boolean|null} [serving] Endpoint serving
             * @property {boolean|null} [terminating] Endpoint terminating
             * @property {string|null} [zone] Endpoint zone
             * @property {string|null} [node] Endpoint node
             * @property {waystone.v1.WorkloadLabels.$Properties|null} [workload] Endpoint workload
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Endpoint.
             * @memberof waystone.v1
             * @interface IEndpoint
             * @augments waystone.v1.Endpoint.$Properties
             * @deprecated Use waystone.v1.Endpoint.$Properties instead.
             */

            /**
             * Shape of an Endpoint.
             * @typedef {waystone.v1.Endpoint.$Properties} waystone.v1.Endpoint.$Shape
             */

            /**
             * Constructs a new Endpoint.
             * @memberof waystone.v1
             * @classdesc Represents an Endpoint.
             * @constructor
             * @param {waystone.v1.Endpoint.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Endpoint = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Endpoint address.
             * @member {string} address
             * @memberof waystone.v1.Endpoint
             * @instance
             */
            Endpoint.prototype.address = "";

            /**
             * Endpoint ready.
             * @member {boolean} ready
             * @memberof waystone.v1.Endpoint
             * @instance
             */
            Endpoint.prototype.ready = false;

            /**
             * Endpoint serving.
             * @member {boolean} serving
             * @memberof waystone.v1.Endpoint
             * @instance
             */
            Endpoint.prototype.serving = false;

            /**
             * Endpoint terminating.
             * @member {boolean} terminating
             * @memberof waystone.v1.Endpoint
             * @instance
             */
            Endpoint.prototype.terminating = false;

            /**
             * Endpoint zone.
             * @member {string} zone
             * @memberof waystone.v1.Endpoint
             * @instance
             */
            Endpoint.prototype.zone = "";

            /**
             * Endpoint node.
             * @member {string} node
             * @memberof waystone.v1.Endpoint
             * @instance
             */
            Endpoint.prototype.node = "";

            /**
             * Endpoint workload.
             * @member {waystone.v1.WorkloadLabels.$Properties|null|undefined} workload
             * @memberof waystone.v1.Endpoint
             * @instance
             */
            Endpoint.prototype.workload = null;

            /**
             * Encodes the specified Endpoint message. Does not implicitly {@link waystone.v1.Endpoint.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Endpoint
             * @static
             * @param {waystone.v1.Endpoint.$Properties} message Endpoint message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Endpoint.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.address);
                if (message.ready != null && $Object.hasOwnProperty.call(message, "ready") && message.ready !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.ready);
                if (message.serving != null && $Object.hasOwnProperty.call(message, "serving") && message.serving !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.serving);
                if (message.terminating != null && $Object.hasOwnProperty.call(message, "terminating") && message.terminating !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.terminating);
                if (message.zone != null && $Object.hasOwnProperty.call(message, "zone") && message.zone !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.zone);
                if (message.node != null && $Object.hasOwnProperty.call(message, "node") && message.node !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.node);
                if (message.workload != null && $Object.hasOwnProperty.call(message, "workload"))
                    $root.waystone.v1.WorkloadLabels.encode(message.workload, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Endpoint message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Endpoint
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Endpoint & waystone.v1.Endpoint.$Shape} Endpoint
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Endpoint.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Endpoint();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.address = value;
                            else
                                delete message.address;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.ready = value;
                            else
                                delete message.ready;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.serving = value;
                            else
                                delete message.serving;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.terminating = value;
                            else
                                delete message.terminating;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.zone = value;
                            else
                                delete message.zone;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.node = value;
                            else
                                delete message.node;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.workload = $root.waystone.v1.WorkloadLabels.decode(reader, reader.size(), $undefined, _depth + 1, message.workload);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Endpoint;
        })();

        v1.WorkloadLabels = (function() {

            /**
             * Properties of a WorkloadLabels.
             * @typedef {Object} waystone.v1.WorkloadLabels.$Properties
             * @property {string|null} [namespace] WorkloadLabels namespace
             * @property {string|null} [pod] WorkloadLabels pod
             * @property {string|null} [workload] WorkloadLabels workload
             * @property {string|null} [serviceAccount] WorkloadLabels serviceAccount
             * @property {string|null} [app] WorkloadLabels app
             * @property {string|null} [version] WorkloadLabels version
             * @property {string|null} [canonicalService] WorkloadLabels canonicalService
             * @property {string|null} [canonicalRevision] WorkloadLabels canonicalRevision
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a WorkloadLabels.
             * @memberof waystone.v1
             * @interface IWorkloadLabels
             * @augments waystone.v1.WorkloadLabels.$Properties
             * @deprecated Use waystone.v1.WorkloadLabels.$Properties instead.
             */

            /**
             * Shape of a WorkloadLabels.
             * @typedef {waystone.v1.WorkloadLabels.$Properties} waystone.v1.WorkloadLabels.$Shape
             */

            /**
             * Constructs a new WorkloadLabels.
             * @memberof waystone.v1
             * @classdesc Represents a WorkloadLabels.
             * @constructor
             * @param {waystone.v1.WorkloadLabels.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const WorkloadLabels = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * WorkloadLabels namespace.
             * @member {string} namespace
             * @memberof waystone.v1.WorkloadLabels
             * @instance
             */
            WorkloadLabels.prototype.namespace = "";

            /**
             * WorkloadLabels pod.
             * @member {string} pod
             * @memberof waystone.v1.WorkloadLabels
             * @instance
             */
            WorkloadLabels.prototype.pod = "";

            /**
             * WorkloadLabels workload.
             * @member {string} workload
             * @memberof waystone.v1.WorkloadLabels
             * @instance
             */
            WorkloadLabels.prototype.workload = "";

            /**
             * WorkloadLabels serviceAccount.
             * @member {string} serviceAccount
             * @memberof waystone.v1.WorkloadLabels
             * @instance
             */
            WorkloadLabels.prototype.serviceAccount = "";

            /**
             * WorkloadLabels app.
             * @member {string} app
             * @memberof waystone.v1.WorkloadLabels
             * @instance
             */
            WorkloadLabels.prototype.app = "";

            /**
             * WorkloadLabels version.
             * @member {string} version
             * @memberof waystone.v1.WorkloadLabels
             * @instance
             */
            WorkloadLabels.prototype.version = "";

            /**
             * WorkloadLabels canonicalService.
             * @member {string} canonicalService
             * @memberof waystone.v1.WorkloadLabels
             * @instance
             */
            WorkloadLabels.prototype.canonicalService = "";

            /**
             * WorkloadLabels canonicalRevision.
             * @member {string} canonicalRevision
             * @memberof waystone.v1.WorkloadLabels
             * @instance
             */
            WorkloadLabels.prototype.canonicalRevision = "";

            /**
             * Encodes the specified WorkloadLabels message. Does not implicitly {@link waystone.v1.WorkloadLabels.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.WorkloadLabels
             * @static
             * @param {waystone.v1.WorkloadLabels.$Properties} message WorkloadLabels message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            WorkloadLabels.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.namespace);
                if (message.pod != null && $Object.hasOwnProperty.call(message, "pod") && message.pod !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.pod);
                if (message.workload != null && $Object.hasOwnProperty.call(message, "workload") && message.workload !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.workload);
                if (message.serviceAccount != null && $Object.hasOwnProperty.call(message, "serviceAccount") && message.serviceAccount !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.serviceAccount);
                if (message.app != null && $Object.hasOwnProperty.call(message, "app") && message.app !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.app);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                    writer.uint32(/* id 6, wireType 2 =*/50).string(message.version);
                if (message.canonicalService != null && $Object.hasOwnProperty.call(message, "canonicalService") && message.canonicalService !== "")
                    writer.uint32(/* id 7, wireType 2 =*/58).string(message.canonicalService);
                if (message.canonicalRevision != null && $Object.hasOwnProperty.call(message, "canonicalRevision") && message.canonicalRevision !== "")
                    writer.uint32(/* id 8, wireType 2 =*/66).string(message.canonicalRevision);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a WorkloadLabels message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.WorkloadLabels
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.WorkloadLabels & waystone.v1.WorkloadLabels.$Shape} WorkloadLabels
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            WorkloadLabels.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.WorkloadLabels();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.pod = value;
                            else
                                delete message.pod;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.workload = value;
                            else
                                delete message.workload;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.serviceAccount = value;
                            else
                                delete message.serviceAccount;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.app = value;
                            else
                                delete message.app;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.canonicalService = value;
                            else
                                delete message.canonicalService;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.canonicalRevision = value;
                            else
                                delete message.canonicalRevision;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return WorkloadLabels;
        })();

        v1.Workload = (function() {

            /**
             * Properties of a Workload.
             * @typedef {Object} waystone.v1.Workload.$Properties
             * @property {string|null} [address] Workload address
             * @property {waystone.v1.WorkloadLabels.$Properties|null} [workload] Workload workload
             * @property {Array.<waystone.v1.Label.$Properties>|null} [labels] Workload labels
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Workload.
             * @memberof waystone.v1
             * @interface IWorkload
             * @augments waystone.v1.Workload.$Properties
             * @deprecated Use waystone.v1.Workload.$Properties instead.
             */

            /**
             * Shape of a Workload.
             * @typedef {waystone.v1.Workload.$Properties} waystone.v1.Workload.$Shape
             */

            /**
             * Constructs a new Workload.
             * @memberof waystone.v1
             * @classdesc Represents a Workload.
             * @constructor
             * @param {waystone.v1.Workload.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Workload = function (properties) {
                this.labels = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Workload address.
             * @member {string} address
             * @memberof waystone.v1.Workload
             * @instance
             */
            Workload.prototype.address = "";

            /**
             * Workload workload.
             * @member {waystone.v1.WorkloadLabels.$Properties|null|undefined} workload
             * @memberof waystone.v1.Workload
             * @instance
             */
            Workload.prototype.workload = null;

            /**
             * Workload labels.
             * @member {Array.<waystone.v1.Label.$Properties>} labels
             * @memberof waystone.v1.Workload
             * @instance
             */
            Workload.prototype.labels = $util.emptyArray;

            /**
             * Encodes the specified Workload message. Does not implicitly {@link waystone.v1.Workload.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Workload
             * @static
             * @param {waystone.v1.Workload.$Properties} message Workload message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Workload.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.address);
                if (message.workload != null && $Object.hasOwnProperty.call(message, "workload"))
                    $root.waystone.v1.WorkloadLabels.encode(message.workload, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.labels != null && message.labels.length)
                    for (let i = 0; i < message.labels.length; ++i)
                        $root.waystone.v1.Label.encode(message.labels[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Workload message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Workload
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Workload & waystone.v1.Workload.$Shape} Workload
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Workload.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Workload();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.address = value;
                            else
                                delete message.address;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.workload = $root.waystone.v1.WorkloadLabels.decode(reader, reader.size(), $undefined, _depth + 1, message.workload);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.labels && message.labels.length))
                                message.labels = [];
                            message.labels.push($root.waystone.v1.Label.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Workload;
        })();

        v1.Label = (function() {

            /**
             * Properties of a Label.
             * @typedef {Object} waystone.v1.Label.$Properties
             * @property {string|null} [key] Label key
             * @property {string|null} [value] Label value
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Label.
             * @memberof waystone.v1
             * @interface ILabel
             * @augments waystone.v1.Label.$Properties
             * @deprecated Use waystone.v1.Label.$Properties instead.
             */

            /**
             * Shape of a Label.
             * @typedef {waystone.v1.Label.$Properties} waystone.v1.Label.$Shape
             */

            /**
             * Constructs a new Label.
             * @memberof waystone.v1
             * @classdesc Represents a Label.
             * @constructor
             * @param {waystone.v1.Label.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Label = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Label key.
             * @member {string} key
             * @memberof waystone.v1.Label
             * @instance
             */
            Label.prototype.key = "";

            /**
             * Label value.
             * @member {string} value
             * @memberof waystone.v1.Label
             * @instance
             */
            Label.prototype.value = "";

            /**
             * Encodes the specified Label message. Does not implicitly {@link waystone.v1.Label.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Label
             * @static
             * @param {waystone.v1.Label.$Properties} message Label message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Label.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.key);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.value);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Label message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Label
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Label & waystone.v1.Label.$Shape} Label
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Label.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Label();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.key = value;
                            else
                                delete message.key;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Label;
        })();

        v1.Route = (function() {

            /**
             * Properties of a Route.
             * @typedef {Object} waystone.v1.Route.$Properties
             * @property {string|null} [kind] Route kind
             * @property {string|null} [namespace] Route namespace
             * @property {string|null} [name] Route name
             * @property {number|null} [generation] Route generation
             * @property {number|null} [createdAtSeconds] Route createdAtSeconds
             * @property {Array.<waystone.v1.RouteParent.$Properties>|null} [parents] Route parents
             * @property {Array.<string>|null} [hostnames] Route hostnames
             * @property {Array.<waystone.v1.RouteRule.$Properties>|null} [rules] Route rules
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Route.
             * @memberof waystone.v1
             * @interface IRoute
             * @augments waystone.v1.Route.$Properties
             * @deprecated Use waystone.v1.Route.$Properties instead.
             */

            /**
             * Shape of a Route.
             * @typedef {{
             *   kind?: string|null;
             *   namespace?: string|null;
             *   name?: string|null;
             *   generation?: number|null;
             *   createdAtSeconds?: number|null;
             *   parents?: Array.<waystone.v1.RouteParent.$Shape>|null;
             *   hostnames?: Array.<string>|null;
             *   rules?: Array.<waystone.v1.RouteRule.$Shape>|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} waystone.v1.Route.$Shape
             */

            /**
             * Constructs a new Route.
             * @memberof waystone.v1
             * @classdesc Represents a Route.
             * @constructor
             * @param {waystone.v1.Route.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Route = function (properties) {
                this.parents = [];
                this.hostnames = [];
                this.rules = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Route kind.
             * @member {string} kind
             * @memberof waystone.v1.Route
             * @instance
             */
            Route.prototype.kind = "";

            /**
             * Route namespace.
             * @member {string} namespace
             * @memberof waystone.v1.Route
             * @instance
             */
            Route.prototype.namespace = "";

            /**
             * Route name.
             * @member {string} name
             * @memberof waystone.v1.Route
             * @instance
             */
            Route.prototype.name = "";

            /**
             * Route generation.
             * @member {number} generation
             * @memberof waystone.v1.Route
             * @instance
             */
            Route.prototype.generation = 0;

            /**
             * Route createdAtSeconds.
             * @member {number} createdAtSeconds
             * @memberof waystone.v1.Route
             * @instance
             */
            Route.prototype.createdAtSeconds = 0;

            /**
             * Route parents.
             * @member {Array.<waystone.v1.RouteParent.$Properties>} parents
             * @memberof waystone.v1.Route
             * @instance
             */
            Route.prototype.parents = $util.emptyArray;

            /**
             * Route hostnames.
             * @member {Array.<string>} hostnames
             * @memberof waystone.v1.Route
             * @instance
             */
            Route.prototype.hostnames = $util.emptyArray;

            /**
             * Route rules.
             * @member {Array.<waystone.v1.RouteRule.$Properties>} rules
             * @memberof waystone.v1.Route
             * @instance
             */
            Route.prototype.rules = $util.emptyArray;

            /**
             * Encodes the specified Route message. Does not implicitly {@link waystone.v1.Route.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Route
             * @static
             * @param {waystone.v1.Route.$Properties} message Route message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Route.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.kind);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.generation);
                if (message.createdAtSeconds != null && $Object.hasOwnProperty.call(message, "createdAtSeconds") && message.createdAtSeconds !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.createdAtSeconds);
                if (message.parents != null && message.parents.length)
                    for (let i = 0; i < message.parents.length; ++i)
                        $root.waystone.v1.RouteParent.encode(message.parents[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.hostnames != null && message.hostnames.length)
                    for (let i = 0; i < message.hostnames.length; ++i)
                        writer.uint32(/* id 7, wireType 2 =*/58).string(message.hostnames[i]);
                if (message.rules != null && message.rules.length)
                    for (let i = 0; i < message.rules.length; ++i)
                        $root.waystone.v1.RouteRule.encode(message.rules[i], writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Route message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Route
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Route & waystone.v1.Route.$Shape} Route
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Route.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Route();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.createdAtSeconds = value;
                            else
                                delete message.createdAtSeconds;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.parents && message.parents.length))
                                message.parents = [];
                            message.parents.push($root.waystone.v1.RouteParent.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.hostnames && message.hostnames.length))
                                message.hostnames = [];
                            message.hostnames.push(reader.stringVerify());
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.rules && message.rules.length))
                                message.rules = [];
                            message.rules.push($root.waystone.v1.RouteRule.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Route;
        })();

        v1.RouteParent = (function() {

            /**
             * Properties of a RouteParent.
             * @typedef {Object} waystone.v1.RouteParent.$Properties
             * @property {string|null} [service] RouteParent service
             * @property {number|null} [port] RouteParent port
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RouteParent.
             * @memberof waystone.v1
             * @interface IRouteParent
             * @augments waystone.v1.RouteParent.$Properties
             * @deprecated Use waystone.v1.RouteParent.$Properties instead.
             */

            /**
             * Shape of a RouteParent.
             * @typedef {waystone.v1.RouteParent.$Properties} waystone.v1.RouteParent.$Shape
             */

            /**
             * Constructs a new RouteParent.
             * @memberof waystone.v1
             * @classdesc Represents a RouteParent.
             * @constructor
             * @param {waystone.v1.RouteParent.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RouteParent = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RouteParent service.
             * @member {string} service
             * @memberof waystone.v1.RouteParent
             * @instance
             */
            RouteParent.prototype.service = "";

            /**
             * RouteParent port.
             * @member {number} port
             * @memberof waystone.v1.RouteParent
             * @instance
             */
            RouteParent.prototype.port = 0;

            /**
             * Encodes the specified RouteParent message. Does not implicitly {@link waystone.v1.RouteParent.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.RouteParent
             * @static
             * @param {waystone.v1.RouteParent.$Properties} message RouteParent message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RouteParent.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.service != null && $Object.hasOwnProperty.call(message, "service") && message.service !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.service);
                if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.port);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RouteParent message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.RouteParent
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.RouteParent & waystone.v1.RouteParent.$Shape} RouteParent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RouteParent.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.RouteParent();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.service = value;
                            else
                                delete message.service;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.port = value;
                            else
                                delete message.port;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RouteParent;
        })();

        v1.RouteRule = (function() {

            /**
             * Properties of a RouteRule.
             * @typedef {Object} waystone.v1.RouteRule.$Properties
             * @property {string|null} [name] RouteRule name
             * @property {Array.<waystone.v1.RouteMatch.$Properties>|null} [matches] RouteRule matches
             * @property {Array.<waystone.v1.RouteFilter.$Properties>|null} [filters] RouteRule filters
             * @property {Array.<waystone.v1.RouteBackend.$Properties>|null} [backends] RouteRule backends
             * @property {waystone.v1.Timeouts.$Properties|null} [timeouts] RouteRule timeouts
             * @property {waystone.v1.Retry.$Properties|null} [retry] RouteRule retry
             * @property {waystone.v1.SessionPersistence.$Properties|null} [sessionPersistence] RouteRule sessionPersistence
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RouteRule.
             * @memberof waystone.v1
             * @interface IRouteRule
             * @augments waystone.v1.RouteRule.$Properties
             * @deprecated Use waystone.v1.RouteRule.$Properties instead.
             */

            /**
             * Shape of a RouteRule.
             * @typedef {{
             *   name?: string|null;
             *   matches?: Array.<waystone.v1.RouteMatch.$Shape>|null;
             *   filters?: Array.<waystone.v1.RouteFilter.$Shape>|null;
             *   backends?: Array.<waystone.v1.RouteBackend.$Shape>|null;
             *   timeouts?: waystone.v1.Timeouts.$Shape|null;
             *   retry?: waystone.v1.Retry.$Shape|null;
             *   sessionPersistence?: waystone.v1.SessionPersistence.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} waystone.v1.RouteRule.$Shape
             */

            /**
             * Constructs a new RouteRule.
             * @memberof waystone.v1
             * @classdesc Represents a RouteRule.
             * @constructor
             * @param {waystone.v1.RouteRule.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RouteRule = function (properties) {
                this.matches = [];
                this.filters = [];
                this.backends = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RouteRule name.
             * @member {string} name
             * @memberof waystone.v1.RouteRule
             * @instance
             */
            RouteRule.prototype.name = "";

            /**
             * RouteRule matches.
             * @member {Array.<waystone.v1.RouteMatch.$Properties>} matches
             * @memberof waystone.v1.RouteRule
             * @instance
             */
            RouteRule.prototype.matches = $util.emptyArray;

            /**
             * RouteRule filters.
             * @member {Array.<waystone.v1.RouteFilter.$Properties>} filters
             * @memberof waystone.v1.RouteRule
             * @instance
             */
            RouteRule.prototype.filters = $util.emptyArray;

            /**
             * RouteRule backends.
             * @member {Array.<waystone.v1.RouteBackend.$Properties>} backends
             * @memberof waystone.v1.RouteRule
             * @instance
             */
            RouteRule.prototype.backends = $util.emptyArray;

            /**
             * RouteRule timeouts.
             * @member {waystone.v1.Timeouts.$Properties|null|undefined} timeouts
             * @memberof waystone.v1.RouteRule
             * @instance
             */
            RouteRule.prototype.timeouts = null;

            /**
             * RouteRule retry.
             * @member {waystone.v1.Retry.$Properties|null|undefined} retry
             * @memberof waystone.v1.RouteRule
             * @instance
             */
            RouteRule.prototype.retry = null;

            /**
             * RouteRule sessionPersistence.
             * @member {waystone.v1.SessionPersistence.$Properties|null|undefined} sessionPersistence
             * @memberof waystone.v1.RouteRule
             * @instance
             */
            RouteRule.prototype.sessionPersistence = null;

            /**
             * Encodes the specified RouteRule message. Does not implicitly {@link waystone.v1.RouteRule.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.RouteRule
             * @static
             * @param {waystone.v1.RouteRule.$Properties} message RouteRule message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RouteRule.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.matches != null && message.matches.length)
                    for (let i = 0; i < message.matches.length; ++i)
                        $root.waystone.v1.RouteMatch.encode(message.matches[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.filters != null && message.filters.length)
                    for (let i = 0; i < message.filters.length; ++i)
                        $root.waystone.v1.RouteFilter.encode(message.filters[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.backends != null && message.backends.length)
                    for (let i = 0; i < message.backends.length; ++i)
                        $root.waystone.v1.RouteBackend.encode(message.backends[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.timeouts != null && $Object.hasOwnProperty.call(message, "timeouts"))
                    $root.waystone.v1.Timeouts.encode(message.timeouts, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.retry != null && $Object.hasOwnProperty.call(message, "retry"))
                    $root.waystone.v1.Retry.encode(message.retry, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.sessionPersistence != null && $Object.hasOwnProperty.call(message, "sessionPersistence"))
                    $root.waystone.v1.SessionPersistence.encode(message.sessionPersistence, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RouteRule message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.RouteRule
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.RouteRule & waystone.v1.RouteRule.$Shape} RouteRule
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RouteRule.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.RouteRule();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.matches && message.matches.length))
                                message.matches = [];
                            message.matches.push($root.waystone.v1.RouteMatch.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.filters && message.filters.length))
                                message.filters = [];
                            message.filters.push($root.waystone.v1.RouteFilter.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.backends && message.backends.length))
                                message.backends = [];
                            message.backends.push($root.waystone.v1.RouteBackend.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.timeouts = $root.waystone.v1.Timeouts.decode(reader, reader.size(), $undefined, _depth + 1, message.timeouts);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.retry = $root.waystone.v1.Retry.decode(reader, reader.size(), $undefined, _depth + 1, message.retry);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.sessionPersistence = $root.waystone.v1.SessionPersistence.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionPersistence);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RouteRule;
        })();

        v1.RouteMatch = (function() {

            /**
             * Properties of a RouteMatch.
             * @typedef {Object} waystone.v1.RouteMatch.$Properties
             * @property {waystone.v1.PathMatch.$Properties|null} [path] RouteMatch path
             * @property {Array.<waystone.v1.ValueMatch.$Properties>|null} [headers] RouteMatch headers
             * @property {Array.<waystone.v1.ValueMatch.$Properties>|null} [queryParams] RouteMatch queryParams
             * @property {string|null} [method] RouteMatch method
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RouteMatch.
             * @memberof waystone.v1
             * @interface IRouteMatch
             * @augments waystone.v1.RouteMatch.$Properties
             * @deprecated Use waystone.v1.RouteMatch.$Properties instead.
             */

            /**
             * Shape of a RouteMatch.
             * @typedef {waystone.v1.RouteMatch.$Properties} waystone.v1.RouteMatch.$Shape
             */

            /**
             * Constructs a new RouteMatch.
             * @memberof waystone.v1
             * @classdesc Represents a RouteMatch.
             * @constructor
             * @param {waystone.v1.RouteMatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RouteMatch = function (properties) {
                this.headers = [];
                this.queryParams = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RouteMatch path.
             * @member {waystone.v1.PathMatch.$Properties|null|undefined} path
             * @memberof waystone.v1.RouteMatch
             * @instance
             */
            RouteMatch.prototype.path = null;

            /**
             * RouteMatch headers.
             * @member {Array.<waystone.v1.ValueMatch.$Properties>} headers
             * @memberof waystone.v1.RouteMatch
             * @instance
             */
            RouteMatch.prototype.headers = $util.emptyArray;

            /**
             * RouteMatch queryParams.
             * @member {Array.<waystone.v1.ValueMatch.$Properties>} queryParams
             * @memberof waystone.v1.RouteMatch
             * @instance
             */
            RouteMatch.prototype.queryParams = $util.emptyArray;

            /**
             * RouteMatch method.
             * @member {string} method
             * @memberof waystone.v1.RouteMatch
             * @instance
             */
            RouteMatch.prototype.method = "";

            /**
             * Encodes the specified RouteMatch message. Does not implicitly {@link waystone.v1.RouteMatch.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.RouteMatch
             * @static
             * @param {waystone.v1.RouteMatch.$Properties} message RouteMatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RouteMatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                    $root.waystone.v1.PathMatch.encode(message.path, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.headers != null && message.headers.length)
                    for (let i = 0; i < message.headers.length; ++i)
                        $root.waystone.v1.ValueMatch.encode(message.headers[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.queryParams != null && message.queryParams.length)
                    for (let i = 0; i < message.queryParams.length; ++i)
                        $root.waystone.v1.ValueMatch.encode(message.queryParams[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.method != null && $Object.hasOwnProperty.call(message, "method") && message.method !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.method);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RouteMatch message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.RouteMatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.RouteMatch & waystone.v1.RouteMatch.$Shape} RouteMatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RouteMatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.RouteMatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.path = $root.waystone.v1.PathMatch.decode(reader, reader.size(), $undefined, _depth + 1, message.path);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.headers && message.headers.length))
                                message.headers = [];
                            message.headers.push($root.waystone.v1.ValueMatch.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.queryParams && message.queryParams.length))
                                message.queryParams = [];
                            message.queryParams.push($root.waystone.v1.ValueMatch.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.method = value;
                            else
                                delete message.method;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RouteMatch;
        })();

        /**
         * MatchType enum.
         * @name waystone.v1.MatchType
         * @enum {number}
         * @property {number} EXACT=0 EXACT value
         * @property {number} PREFIX=1 PREFIX value
         * @property {number} REGULAR_EXPRESSION=2 REGULAR_EXPRESSION value
         */
        v1.MatchType = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "EXACT"] = 0;
            values[valuesById[1] = "PREFIX"] = 1;
            values[valuesById[2] = "REGULAR_EXPRESSION"] = 2;
            return values;
        })();

        v1.PathMatch = (function() {

            /**
             * Properties of a PathMatch.
             * @typedef {Object} waystone.v1.PathMatch.$Properties
             * @property {waystone.v1.MatchType|null} [type] PathMatch type
             * @property {string|null} [value] PathMatch value
             * @property {number|null} [precedence] PathMatch precedence
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PathMatch.
             * @memberof waystone.v1
             * @interface IPathMatch
             * @augments waystone.v1.PathMatch.$Properties
             * @deprecated Use waystone.v1.PathMatch.$Properties instead.
             */

            /**
             * Shape of a PathMatch.
             * @typedef {waystone.v1.PathMatch.$Properties} waystone.v1.PathMatch.$Shape
             */

            /**
             * Constructs a new PathMatch.
             * @memberof waystone.v1
             * @classdesc Represents a PathMatch.
             * @constructor
             * @param {waystone.v1.PathMatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PathMatch = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PathMatch type.
             * @member {waystone.v1.MatchType} type
             * @memberof waystone.v1.PathMatch
             * @instance
             */
            PathMatch.prototype.type = 0;

            /**
             * PathMatch value.
             * @member {string} value
             * @memberof waystone.v1.PathMatch
             * @instance
             */
            PathMatch.prototype.value = "";

            /**
             * PathMatch precedence.
             * @member {number} precedence
             * @memberof waystone.v1.PathMatch
             * @instance
             */
            PathMatch.prototype.precedence = 0;

            /**
             * Encodes the specified PathMatch message. Does not implicitly {@link waystone.v1.PathMatch.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.PathMatch
             * @static
             * @param {waystone.v1.PathMatch.$Properties} message PathMatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PathMatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.type);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.value);
                if (message.precedence != null && $Object.hasOwnProperty.call(message, "precedence") && message.precedence !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.precedence);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PathMatch message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.PathMatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.PathMatch & waystone.v1.PathMatch.$Shape} PathMatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PathMatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.PathMatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.type = value;
                            else
                                delete message.type;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.precedence = value;
                            else
                                delete message.precedence;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PathMatch;
        })();

        v1.ValueMatch = (function() {

            /**
             * Properties of a ValueMatch.
             * @typedef {Object} waystone.v1.ValueMatch.$Properties
             * @property {waystone.v1.MatchType|null} [type] ValueMatch type
             * @property {string|null} [name] ValueMatch name
             * @property {string|null} [value] ValueMatch value
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ValueMatch.
             * @memberof waystone.v1
             * @interface IValueMatch
             * @augments waystone.v1.ValueMatch.$Properties
             * @deprecated Use waystone.v1.ValueMatch.$Properties instead.
             */

            /**
             * Shape of a ValueMatch.
             * @typedef {waystone.v1.ValueMatch.$Properties} waystone.v1.ValueMatch.$Shape
             */

            /**
             * Constructs a new ValueMatch.
             * @memberof waystone.v1
             * @classdesc Represents a ValueMatch.
             * @constructor
             * @param {waystone.v1.ValueMatch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ValueMatch = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ValueMatch type.
             * @member {waystone.v1.MatchType} type
             * @memberof waystone.v1.ValueMatch
             * @instance
             */
            ValueMatch.prototype.type = 0;

            /**
             * ValueMatch name.
             * @member {string} name
             * @memberof waystone.v1.ValueMatch
             * @instance
             */
            ValueMatch.prototype.name = "";

            /**
             * ValueMatch value.
             * @member {string} value
             * @memberof waystone.v1.ValueMatch
             * @instance
             */
            ValueMatch.prototype.value = "";

            /**
             * Encodes the specified ValueMatch message. Does not implicitly {@link waystone.v1.ValueMatch.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.ValueMatch
             * @static
             * @param {waystone.v1.ValueMatch.$Properties} message ValueMatch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ValueMatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.type);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.value);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ValueMatch message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.ValueMatch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.ValueMatch & waystone.v1.ValueMatch.$Shape} ValueMatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ValueMatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.ValueMatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.type = value;
                            else
                                delete message.type;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ValueMatch;
        })();

        v1.RouteFilter = (function() {

            /**
             * Properties of a RouteFilter.
             * @typedef {Object} waystone.v1.RouteFilter.$Properties
             * @property {waystone.v1.HeaderModifier.$Properties|null} [requestHeaderModifier] RouteFilter requestHeaderModifier
             * @property {waystone.v1.HeaderModifier.$Properties|null} [responseHeaderModifier] RouteFilter responseHeaderModifier
             * @property {waystone.v1.RequestRedirect.$Properties|null} [requestRedirect] RouteFilter requestRedirect
             * @property {waystone.v1.UrlRewrite.$Properties|null} [urlRewrite] RouteFilter urlRewrite
             * @property {waystone.v1.RequestMirror.$Properties|null} [requestMirror] RouteFilter requestMirror
             * @property {waystone.v1.Cors.$Properties|null} [cors] RouteFilter cors
             * @property {waystone.v1.Authorizer.$Properties|null} [externalAuth] RouteFilter externalAuth
             * @property {"requestHeaderModifier"|"responseHeaderModifier"|"requestRedirect"|"urlRewrite"|"requestMirror"|"cors"|"externalAuth"} [filter] RouteFilter filter
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RouteFilter.
             * @memberof waystone.v1
             * @interface IRouteFilter
             * @augments waystone.v1.RouteFilter.$Properties
             * @deprecated Use waystone.v1.RouteFilter.$Properties instead.
             */

            /**
             * Narrowed shape of a RouteFilter.
             * @typedef {{
             *   requestHeaderModifier?: waystone.v1.HeaderModifier.$Shape|null;
             *   responseHeaderModifier?: waystone.v1.HeaderModifier.$Shape|null;
             *   requestRedirect?: waystone.v1.RequestRedirect.$Shape|null;
             *   urlRewrite?: waystone.v1.UrlRewrite.$Shape|null;
             *   requestMirror?: waystone.v1.RequestMirror.$Shape|null;
             *   cors?: waystone.v1.Cors.$Shape|null;
             *   externalAuth?: waystone.v1.Authorizer.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ filter?: undefined; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "requestHeaderModifier"; requestHeaderModifier: waystone.v1.HeaderModifier.$Shape; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "responseHeaderModifier"; requestHeaderModifier?: null; responseHeaderModifier: waystone.v1.HeaderModifier.$Shape; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "requestRedirect"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect: waystone.v1.RequestRedirect.$Shape; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "urlRewrite"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite: waystone.v1.UrlRewrite.$Shape; requestMirror?: null; cors?: null; externalAuth?: null }|{ filter?: "requestMirror"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror: waystone.v1.RequestMirror.$Shape; cors?: null; externalAuth?: null }|{ filter?: "cors"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors: waystone.v1.Cors.$Shape; externalAuth?: null }|{ filter?: "externalAuth"; requestHeaderModifier?: null; responseHeaderModifier?: null; requestRedirect?: null; urlRewrite?: null; requestMirror?: null; cors?: null; externalAuth: waystone.v1.Authorizer.$Shape })
             * )} waystone.v1.RouteFilter.$Shape
             */

            /**
             * Constructs a new RouteFilter.
             * @memberof waystone.v1
             * @classdesc Represents a RouteFilter.
             * @constructor
             * @param {waystone.v1.RouteFilter.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RouteFilter = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RouteFilter requestHeaderModifier.
             * @member {waystone.v1.HeaderModifier.$Properties|null|undefined} requestHeaderModifier
             * @memberof waystone.v1.RouteFilter
             * @instance
             */
            RouteFilter.prototype.requestHeaderModifier = null;

            /**
             * RouteFilter responseHeaderModifier.
             * @member {waystone.v1.HeaderModifier.$Properties|null|undefined} responseHeaderModifier
             * @memberof waystone.v1.RouteFilter
             * @instance
             */
            RouteFilter.prototype.responseHeaderModifier = null;

            /**
             * RouteFilter requestRedirect.
             * @member {waystone.v1.RequestRedirect.$Properties|null|undefined} requestRedirect
             * @memberof waystone.v1.RouteFilter
             * @instance
             */
            RouteFilter.prototype.requestRedirect = null;

            /**
             * RouteFilter urlRewrite.
             * @member {waystone.v1.UrlRewrite.$Properties|null|undefined} urlRewrite
             * @memberof waystone.v1.RouteFilter
             * @instance
             */
            RouteFilter.prototype.urlRewrite = null;

            /**
             * RouteFilter requestMirror.
             * @member {waystone.v1.RequestMirror.$Properties|null|undefined} requestMirror
             * @memberof waystone.v1.RouteFilter
             * @instance
             */
            RouteFilter.prototype.requestMirror = null;

            /**
             * RouteFilter cors.
             * @member {waystone.v1.Cors.$Properties|null|undefined} cors
             * @memberof waystone.v1.RouteFilter
             * @instance
             */
            RouteFilter.prototype.cors = null;

            /**
             * RouteFilter externalAuth.
             * @member {waystone.v1.Authorizer.$Properties|null|undefined} externalAuth
             * @memberof waystone.v1.RouteFilter
             * @instance
             */
            RouteFilter.prototype.externalAuth = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * RouteFilter filter.
             * @member {"requestHeaderModifier"|"responseHeaderModifier"|"requestRedirect"|"urlRewrite"|"requestMirror"|"cors"|"externalAuth"|undefined} filter
             * @memberof waystone.v1.RouteFilter
             * @instance
             */
            $Object.defineProperty(RouteFilter.prototype, "filter", {
                get: $util.oneOfGetter($oneOfFields = ["requestHeaderModifier", "responseHeaderModifier", "requestRedirect", "urlRewrite", "requestMirror", "cors", "externalAuth"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified RouteFilter message. Does not implicitly {@link waystone.v1.RouteFilter.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.RouteFilter
             * @static
             * @param {waystone.v1.RouteFilter.$Properties} message RouteFilter message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RouteFilter.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.requestHeaderModifier != null && $Object.hasOwnProperty.call(message, "requestHeaderModifier"))
                    $root.waystone.v1.HeaderModifier.encode(message.requestHeaderModifier, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.responseHeaderModifier != null && $Object.hasOwnProperty.call(message, "responseHeaderModifier"))
                    $root.waystone.v1.HeaderModifier.encode(message.responseHeaderModifier, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.requestRedirect != null && $Object.hasOwnProperty.call(message, "requestRedirect"))
                    $root.waystone.v1.RequestRedirect.encode(message.requestRedirect, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.urlRewrite != null && $Object.hasOwnProperty.call(message, "urlRewrite"))
                    $root.waystone.v1.UrlRewrite.encode(message.urlRewrite, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.requestMirror != null && $Object.hasOwnProperty.call(message, "requestMirror"))
                    $root.waystone.v1.RequestMirror.encode(message.requestMirror, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.cors != null && $Object.hasOwnProperty.call(message, "cors"))
                    $root.waystone.v1.Cors.encode(message.cors, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.externalAuth != null && $Object.hasOwnProperty.call(message, "externalAuth"))
                    $root.waystone.v1.Authorizer.encode(message.externalAuth, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RouteFilter message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.RouteFilter
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.RouteFilter & waystone.v1.RouteFilter.$Shape} RouteFilter
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RouteFilter.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.RouteFilter();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.requestHeaderModifier = $root.waystone.v1.HeaderModifier.decode(reader, reader.size(), $undefined, _depth + 1, message.requestHeaderModifier);
                            message.filter = "requestHeaderModifier";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.responseHeaderModifier = $root.waystone.v1.HeaderModifier.decode(reader, reader.size(), $undefined, _depth + 1, message.responseHeaderModifier);
                            message.filter = "responseHeaderModifier";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.requestRedirect = $root.waystone.v1.RequestRedirect.decode(reader, reader.size(), $undefined, _depth + 1, message.requestRedirect);
                            message.filter = "requestRedirect";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.urlRewrite = $root.waystone.v1.UrlRewrite.decode(reader, reader.size(), $undefined, _depth + 1, message.urlRewrite);
                            message.filter = "urlRewrite";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.requestMirror = $root.waystone.v1.RequestMirror.decode(reader, reader.size(), $undefined, _depth + 1, message.requestMirror);
                            message.filter = "requestMirror";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.cors = $root.waystone.v1.Cors.decode(reader, reader.size(), $undefined, _depth + 1, message.cors);
                            message.filter = "cors";
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.externalAuth = $root.waystone.v1.Authorizer.decode(reader, reader.size(), $undefined, _depth + 1, message.externalAuth);
                            message.filter = "externalAuth";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RouteFilter;
        })();

        v1.Header = (function() {

            /**
             * Properties of a Header.
             * @typedef {Object} waystone.v1.Header.$Properties
             * @property {string|null} [name] Header name
             * @property {string|null} [value] Header value
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Header.
             * @memberof waystone.v1
             * @interface IHeader
             * @augments waystone.v1.Header.$Properties
             * @deprecated Use waystone.v1.Header.$Properties instead.
             */

            /**
             * Shape of a Header.
             * @typedef {waystone.v1.Header.$Properties} waystone.v1.Header.$Shape
             */

            /**
             * Constructs a new Header.
             * @memberof waystone.v1
             * @classdesc Represents a Header.
             * @constructor
             * @param {waystone.v1.Header.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Header = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Header name.
             * @member {string} name
             * @memberof waystone.v1.Header
             * @instance
             */
            Header.prototype.name = "";

            /**
             * Header value.
             * @member {string} value
             * @memberof waystone.v1.Header
             * @instance
             */
            Header.prototype.value = "";

            /**
             * Encodes the specified Header message. Does not implicitly {@link waystone.v1.Header.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Header
             * @static
             * @param {waystone.v1.Header.$Properties} message Header message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Header.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.value);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Header message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Header
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Header & waystone.v1.Header.$Shape} Header
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Header.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Header();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Header;
        })();

        v1.HeaderModifier = (function() {

            /**
             * Properties of a HeaderModifier.
             * @typedef {Object} waystone.v1.HeaderModifier.$Properties
             * @property {Array.<waystone.v1.Header.$Properties>|null} [set] HeaderModifier set
             * @property {Array.<waystone.v1.Header.$Properties>|null} [add] HeaderModifier add
             * @property {Array.<string>|null} [remove] HeaderModifier remove
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a HeaderModifier.
             * @memberof waystone.v1
             * @interface IHeaderModifier
             * @augments waystone.v1.HeaderModifier.$Properties
             * @deprecated Use waystone.v1.HeaderModifier.$Properties instead.
             */

            /**
             * Shape of a HeaderModifier.
             * @typedef {waystone.v1.HeaderModifier.$Properties} waystone.v1.HeaderModifier.$Shape
             */

            /**
             * Constructs a new HeaderModifier.
             * @memberof waystone.v1
             * @classdesc Represents a HeaderModifier.
             * @constructor
             * @param {waystone.v1.HeaderModifier.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const HeaderModifier = function (properties) {
                this.set = [];
                this.add = [];
                this.remove = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * HeaderModifier set.
             * @member {Array.<waystone.v1.Header.$Properties>} set
             * @memberof waystone.v1.HeaderModifier
             * @instance
             */
            HeaderModifier.prototype.set = $util.emptyArray;

            /**
             * HeaderModifier add.
             * @member {Array.<waystone.v1.Header.$Properties>} add
             * @memberof waystone.v1.HeaderModifier
             * @instance
             */
            HeaderModifier.prototype.add = $util.emptyArray;

            /**
             * HeaderModifier remove.
             * @member {Array.<string>} remove
             * @memberof waystone.v1.HeaderModifier
             * @instance
             */
            HeaderModifier.prototype.remove = $util.emptyArray;

            /**
             * Encodes the specified HeaderModifier message. Does not implicitly {@link waystone.v1.HeaderModifier.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.HeaderModifier
             * @static
             * @param {waystone.v1.HeaderModifier.$Properties} message HeaderModifier message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            HeaderModifier.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.set != null && message.set.length)
                    for (let i = 0; i < message.set.length; ++i)
                        $root.waystone.v1.Header.encode(message.set[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.add != null && message.add.length)
                    for (let i = 0; i < message.add.length; ++i)
                        $root.waystone.v1.Header.encode(message.add[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.remove != null && message.remove.length)
                    for (let i = 0; i < message.remove.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.remove[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a HeaderModifier message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.HeaderModifier
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.HeaderModifier & waystone.v1.HeaderModifier.$Shape} HeaderModifier
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            HeaderModifier.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.HeaderModifier();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.set && message.set.length))
                                message.set = [];
                            message.set.push($root.waystone.v1.Header.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.add && message.add.length))
                                message.add = [];
                            message.add.push($root.waystone.v1.Header.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.remove && message.remove.length))
                                message.remove = [];
                            message.remove.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return HeaderModifier;
        })();

        v1.PathModifier = (function() {

            /**
             * Properties of a PathModifier.
             * @typedef {Object} waystone.v1.PathModifier.$Properties
             * @property {string|null} [replaceFullPath] PathModifier replaceFullPath
             * @property {string|null} [replacePrefixMatch] PathModifier replacePrefixMatch
             * @property {"replaceFullPath"|"replacePrefixMatch"} [path] PathModifier path
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PathModifier.
             * @memberof waystone.v1
             * @interface IPathModifier
             * @augments waystone.v1.PathModifier.$Properties
             * @deprecated Use waystone.v1.PathModifier.$Properties instead.
             */

            /**
             * Narrowed shape of a PathModifier.
             * @typedef {{
             *   replaceFullPath?: string|null;
             *   replacePrefixMatch?: string|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ path?: undefined; replaceFullPath?: null; replacePrefixMatch?: null }|{ path?: "replaceFullPath"; replaceFullPath: string; replacePrefixMatch?: null }|{ path?: "replacePrefixMatch"; replaceFullPath?: null; replacePrefixMatch: string })
             * )} waystone.v1.PathModifier.$Shape
             */

            /**
             * Constructs a new PathModifier.
             * @memberof waystone.v1
             * @classdesc Represents a PathModifier.
             * @constructor
             * @param {waystone.v1.PathModifier.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PathModifier = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PathModifier replaceFullPath.
             * @member {string|null|undefined} replaceFullPath
             * @memberof waystone.v1.PathModifier
             * @instance
             */
            PathModifier.prototype.replaceFullPath = null;

            /**
             * PathModifier replacePrefixMatch.
             * @member {string|null|undefined} replacePrefixMatch
             * @memberof waystone.v1.PathModifier
             * @instance
             */
            PathModifier.prototype.replacePrefixMatch = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * PathModifier path.
             * @member {"replaceFullPath"|"replacePrefixMatch"|undefined} path
             * @memberof waystone.v1.PathModifier
             * @instance
             */
            $Object.defineProperty(PathModifier.prototype, "path", {
                get: $util.oneOfGetter($oneOfFields = ["replaceFullPath", "replacePrefixMatch"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified PathModifier message. Does not implicitly {@link waystone.v1.PathModifier.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.PathModifier
             * @static
             * @param {waystone.v1.PathModifier.$Properties} message PathModifier message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PathModifier.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.replaceFullPath != null && $Object.hasOwnProperty.call(message, "replaceFullPath"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.replaceFullPath);
                if (message.replacePrefixMatch != null && $Object.hasOwnProperty.call(message, "replacePrefixMatch"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.replacePrefixMatch);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PathModifier message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.PathModifier
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.PathModifier & waystone.v1.PathModifier.$Shape} PathModifier
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PathModifier.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.PathModifier();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.replaceFullPath = reader.stringVerify();
                            message.path = "replaceFullPath";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.replacePrefixMatch = reader.stringVerify();
                            message.path = "replacePrefixMatch";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PathModifier;
        })();

        v1.RequestRedirect = (function() {

            /**
             * Properties of a RequestRedirect.
             * @typedef {Object} waystone.v1.RequestRedirect.$Properties
             * @property {string|null} [scheme] RequestRedirect scheme
             * @property {string|null} [hostname] RequestRedirect hostname
             * @property {waystone.v1.PathModifier.$Properties|null} [path] RequestRedirect path
             * @property {number|null} [port] RequestRedirect port
             * @property {number|null} [statusCode] RequestRedirect statusCode
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RequestRedirect.
             * @memberof waystone.v1
             * @interface IRequestRedirect
             * @augments waystone.v1.RequestRedirect.$Properties
             * @deprecated Use waystone.v1.RequestRedirect.$Properties instead.
             */

            /**
             * Shape of a RequestRedirect.
             * @typedef {{
             *   scheme?: string|null;
             *   hostname?: string|null;
             *   path?: waystone.v1.PathModifier.$Shape|null;
             *   port?: number|null;
             *   statusCode?: number|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} waystone.v1.RequestRedirect.$Shape
             */

            /**
             * Constructs a new RequestRedirect.
             * @memberof waystone.v1
             * @classdesc Represents a RequestRedirect.
             * @constructor
             * @param {waystone.v1.RequestRedirect.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RequestRedirect = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RequestRedirect scheme.
             * @member {string} scheme
             * @memberof waystone.v1.RequestRedirect
             * @instance
             */
            RequestRedirect.prototype.scheme = "";

            /**
             * RequestRedirect hostname.
             * @member {string} hostname
             * @memberof waystone.v1.RequestRedirect
             * @instance
             */
            RequestRedirect.prototype.hostname = "";

            /**
             * RequestRedirect path.
             * @member {waystone.v1.PathModifier.$Properties|null|undefined} path
             * @memberof waystone.v1.RequestRedirect
             * @instance
             */
            RequestRedirect.prototype.path = null;

            /**
             * RequestRedirect port.
             * @member {number} port
             * @memberof waystone.v1.RequestRedirect
             * @instance
             */
            RequestRedirect.prototype.port = 0;

            /**
             * RequestRedirect statusCode.
             * @member {number} statusCode
             * @memberof waystone.v1.RequestRedirect
             * @instance
             */
            RequestRedirect.prototype.statusCode = 0;

            /**
             * Encodes the specified RequestRedirect message. Does not implicitly {@link waystone.v1.RequestRedirect.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.RequestRedirect
             * @static
             * @param {waystone.v1.RequestRedirect.$Properties} message RequestRedirect message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RequestRedirect.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.scheme != null && $Object.hasOwnProperty.call(message, "scheme") && message.scheme !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.scheme);
                if (message.hostname != null && $Object.hasOwnProperty.call(message, "hostname") && message.hostname !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.hostname);
                if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                    $root.waystone.v1.PathModifier.encode(message.path, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.port);
                if (message.statusCode != null && $Object.hasOwnProperty.call(message, "statusCode") && message.statusCode !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.statusCode);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RequestRedirect message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.RequestRedirect
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.RequestRedirect & waystone.v1.RequestRedirect.$Shape} RequestRedirect
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RequestRedirect.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.RequestRedirect();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.scheme = value;
                            else
                                delete message.scheme;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.hostname = value;
                            else
                                delete message.hostname;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.path = $root.waystone.v1.PathModifier.decode(reader, reader.size(), $undefined, _depth + 1, message.path);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.port = value;
                            else
                                delete message.port;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.statusCode = value;
                            else
                                delete message.statusCode;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RequestRedirect;
        })();

        v1.UrlRewrite = (function() {

            /**
             * Properties of an UrlRewrite.
             * @typedef {Object} waystone.v1.UrlRewrite.$Properties
             * @property {string|null} [hostname] UrlRewrite hostname
             * @property {waystone.v1.PathModifier.$Properties|null} [path] UrlRewrite path
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an UrlRewrite.
             * @memberof waystone.v1
             * @interface IUrlRewrite
             * @augments waystone.v1.UrlRewrite.$Properties
             * @deprecated Use waystone.v1.UrlRewrite.$Properties instead.
             */

            /**
             * Shape of an UrlRewrite.
             * @typedef {{
             *   hostname?: string|null;
             *   path?: waystone.v1.PathModifier.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} waystone.v1.UrlRewrite.$Shape
             */

            /**
             * Constructs a new UrlRewrite.
             * @memberof waystone.v1
             * @classdesc Represents an UrlRewrite.
             * @constructor
             * @param {waystone.v1.UrlRewrite.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const UrlRewrite = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * UrlRewrite hostname.
             * @member {string} hostname
             * @memberof waystone.v1.UrlRewrite
             * @instance
             */
            UrlRewrite.prototype.hostname = "";

            /**
             * UrlRewrite path.
             * @member {waystone.v1.PathModifier.$Properties|null|undefined} path
             * @memberof waystone.v1.UrlRewrite
             * @instance
             */
            UrlRewrite.prototype.path = null;

            /**
             * Encodes the specified UrlRewrite message. Does not implicitly {@link waystone.v1.UrlRewrite.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.UrlRewrite
             * @static
             * @param {waystone.v1.UrlRewrite.$Properties} message UrlRewrite message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            UrlRewrite.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hostname != null && $Object.hasOwnProperty.call(message, "hostname") && message.hostname !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.hostname);
                if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                    $root.waystone.v1.PathModifier.encode(message.path, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an UrlRewrite message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.UrlRewrite
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.UrlRewrite & waystone.v1.UrlRewrite.$Shape} UrlRewrite
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            UrlRewrite.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.UrlRewrite();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.hostname = value;
                            else
                                delete message.hostname;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.path = $root.waystone.v1.PathModifier.decode(reader, reader.size(), $undefined, _depth + 1, message.path);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return UrlRewrite;
        })();

        v1.RequestMirror = (function() {

            /**
             * Properties of a RequestMirror.
             * @typedef {Object} waystone.v1.RequestMirror.$Properties
             * @property {waystone.v1.RouteBackend.$Properties|null} [backend] RequestMirror backend
             * @property {number|null} [numerator] RequestMirror numerator
             * @property {number|null} [denominator] RequestMirror denominator
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RequestMirror.
             * @memberof waystone.v1
             * @interface IRequestMirror
             * @augments waystone.v1.RequestMirror.$Properties
             * @deprecated Use waystone.v1.RequestMirror.$Properties instead.
             */

            /**
             * Shape of a RequestMirror.
             * @typedef {{
             *   backend?: waystone.v1.RouteBackend.$Shape|null;
             *   numerator?: number|null;
             *   denominator?: number|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} waystone.v1.RequestMirror.$Shape
             */

            /**
             * Constructs a new RequestMirror.
             * @memberof waystone.v1
             * @classdesc Represents a RequestMirror.
             * @constructor
             * @param {waystone.v1.RequestMirror.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RequestMirror = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RequestMirror backend.
             * @member {waystone.v1.RouteBackend.$Properties|null|undefined} backend
             * @memberof waystone.v1.RequestMirror
             * @instance
             */
            RequestMirror.prototype.backend = null;

            /**
             * RequestMirror numerator.
             * @member {number} numerator
             * @memberof waystone.v1.RequestMirror
             * @instance
             */
            RequestMirror.prototype.numerator = 0;

            /**
             * RequestMirror denominator.
             * @member {number} denominator
             * @memberof waystone.v1.RequestMirror
             * @instance
             */
            RequestMirror.prototype.denominator = 0;

            /**
             * Encodes the specified RequestMirror message. Does not implicitly {@link waystone.v1.RequestMirror.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.RequestMirror
             * @static
             * @param {waystone.v1.RequestMirror.$Properties} message RequestMirror message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RequestMirror.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.backend != null && $Object.hasOwnProperty.call(message, "backend"))
                    $root.waystone.v1.RouteBackend.encode(message.backend, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.numerator != null && $Object.hasOwnProperty.call(message, "numerator") && message.numerator !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.numerator);
                if (message.denominator != null && $Object.hasOwnProperty.call(message, "denominator") && message.denominator !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.denominator);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RequestMirror message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.RequestMirror
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.RequestMirror & waystone.v1.RequestMirror.$Shape} RequestMirror
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RequestMirror.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.RequestMirror();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.backend = $root.waystone.v1.RouteBackend.decode(reader, reader.size(), $undefined, _depth + 1, message.backend);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.numerator = value;
                            else
                                delete message.numerator;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.denominator = value;
                            else
                                delete message.denominator;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RequestMirror;
        })();

        v1.Cors = (function() {

            /**
             * Properties of a Cors.
             * @typedef {Object} waystone.v1.Cors.$Properties
             * @property {Array.<string>|null} [allowOrigins] Cors allowOrigins
             * @property {boolean|null} [allowCredentials] Cors allowCredentials
             * @property {Array.<string>|null} [allowMethods] Cors allowMethods
             * @property {Array.<string>|null} [allowHeaders] Cors allowHeaders
             * @property {Array.<string>|null} [exposeHeaders] Cors exposeHeaders
             * @property {number|null} [maxAgeSeconds] Cors maxAgeSeconds
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Cors.
             * @memberof waystone.v1
             * @interface ICors
             * @augments waystone.v1.Cors.$Properties
             * @deprecated Use waystone.v1.Cors.$Properties instead.
             */

            /**
             * Shape of a Cors.
             * @typedef {waystone.v1.Cors.$Properties} waystone.v1.Cors.$Shape
             */

            /**
             * Constructs a new Cors.
             * @memberof waystone.v1
             * @classdesc Represents a Cors.
             * @constructor
             * @param {waystone.v1.Cors.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Cors = function (properties) {
                this.allowOrigins = [];
                this.allowMethods = [];
                this.allowHeaders = [];
                this.exposeHeaders = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Cors allowOrigins.
             * @member {Array.<string>} allowOrigins
             * @memberof waystone.v1.Cors
             * @instance
             */
            Cors.prototype.allowOrigins = $util.emptyArray;

            /**
             * Cors allowCredentials.
             * @member {boolean} allowCredentials
             * @memberof waystone.v1.Cors
             * @instance
             */
            Cors.prototype.allowCredentials = false;

            /**
             * Cors allowMethods.
             * @member {Array.<string>} allowMethods
             * @memberof waystone.v1.Cors
             * @instance
             */
            Cors.prototype.allowMethods = $util.emptyArray;

            /**
             * Cors allowHeaders.
             * @member {Array.<string>} allowHeaders
             * @memberof waystone.v1.Cors
             * @instance
             */
            Cors.prototype.allowHeaders = $util.emptyArray;

            /**
             * Cors exposeHeaders.
             * @member {Array.<string>} exposeHeaders
             * @memberof waystone.v1.Cors
             * @instance
             */
            Cors.prototype.exposeHeaders = $util.emptyArray;

            /**
             * Cors maxAgeSeconds.
             * @member {number} maxAgeSeconds
             * @memberof waystone.v1.Cors
             * @instance
             */
            Cors.prototype.maxAgeSeconds = 0;

            /**
             * Encodes the specified Cors message. Does not implicitly {@link waystone.v1.Cors.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Cors
             * @static
             * @param {waystone.v1.Cors.$Properties} message Cors message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Cors.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.allowOrigins != null && message.allowOrigins.length)
                    for (let i = 0; i < message.allowOrigins.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.allowOrigins[i]);
                if (message.allowCredentials != null && $Object.hasOwnProperty.call(message, "allowCredentials") && message.allowCredentials !== false)
                    writer.uint32(/* id 2, wireType 0 =*/16).bool(message.allowCredentials);
                if (message.allowMethods != null && message.allowMethods.length)
                    for (let i = 0; i < message.allowMethods.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.allowMethods[i]);
                if (message.allowHeaders != null && message.allowHeaders.length)
                    for (let i = 0; i < message.allowHeaders.length; ++i)
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.allowHeaders[i]);
                if (message.exposeHeaders != null && message.exposeHeaders.length)
                    for (let i = 0; i < message.exposeHeaders.length; ++i)
                        writer.uint32(/* id 5, wireType 2 =*/42).string(message.exposeHeaders[i]);
                if (message.maxAgeSeconds != null && $Object.hasOwnProperty.call(message, "maxAgeSeconds") && message.maxAgeSeconds !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).uint32(message.maxAgeSeconds);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Cors message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Cors
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Cors & waystone.v1.Cors.$Shape} Cors
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Cors.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Cors();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.allowOrigins && message.allowOrigins.length))
                                message.allowOrigins = [];
                            message.allowOrigins.push(reader.stringVerify());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.allowCredentials = value;
                            else
                                delete message.allowCredentials;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.allowMethods && message.allowMethods.length))
                                message.allowMethods = [];
                            message.allowMethods.push(reader.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.allowHeaders && message.allowHeaders.length))
                                message.allowHeaders = [];
                            message.allowHeaders.push(reader.stringVerify());
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.exposeHeaders && message.exposeHeaders.length))
                                message.exposeHeaders = [];
                            message.exposeHeaders.push(reader.stringVerify());
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.maxAgeSeconds = value;
                            else
                                delete message.maxAgeSeconds;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Cors;
        })();

        v1.RouteBackend = (function() {

            /**
             * Properties of a RouteBackend.
             * @typedef {Object} waystone.v1.RouteBackend.$Properties
             * @property {string|null} [service] RouteBackend service
             * @property {number|null} [port] RouteBackend port
             * @property {number|null} [weight] RouteBackend weight
             * @property {Array.<waystone.v1.RouteFilter.$Properties>|null} [filters] RouteBackend filters
             * @property {string|null} [invalid] RouteBackend invalid
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RouteBackend.
             * @memberof waystone.v1
             * @interface IRouteBackend
             * @augments waystone.v1.RouteBackend.$Properties
             * @deprecated Use waystone.v1.RouteBackend.$Properties instead.
             */

            /**
             * Shape of a RouteBackend.
             * @typedef {{
             *   service?: string|null;
             *   port?: number|null;
             *   weight?: number|null;
             *   filters?: Array.<waystone.v1.RouteFilter.$Shape>|null;
             *   invalid?: string|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} waystone.v1.RouteBackend.$Shape
             */

            /**
             * Constructs a new RouteBackend.
             * @memberof waystone.v1
             * @classdesc Represents a RouteBackend.
             * @constructor
             * @param {waystone.v1.RouteBackend.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RouteBackend = function (properties) {
                this.filters = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RouteBackend service.
             * @member {string} service
             * @memberof waystone.v1.RouteBackend
             * @instance
             */
            RouteBackend.prototype.service = "";

            /**
             * RouteBackend port.
             * @member {number} port
             * @memberof waystone.v1.RouteBackend
             * @instance
             */
            RouteBackend.prototype.port = 0;

            /**
             * RouteBackend weight.
             * @member {number} weight
             * @memberof waystone.v1.RouteBackend
             * @instance
             */
            RouteBackend.prototype.weight = 0;

            /**
             * RouteBackend filters.
             * @member {Array.<waystone.v1.RouteFilter.$Properties>} filters
             * @memberof waystone.v1.RouteBackend
             * @instance
             */
            RouteBackend.prototype.filters = $util.emptyArray;

            /**
             * RouteBackend invalid.
             * @member {string} invalid
             * @memberof waystone.v1.RouteBackend
             * @instance
             */
            RouteBackend.prototype.invalid = "";

            /**
             * Encodes the specified RouteBackend message. Does not implicitly {@link waystone.v1.RouteBackend.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.RouteBackend
             * @static
             * @param {waystone.v1.RouteBackend.$Properties} message RouteBackend message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RouteBackend.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.service != null && $Object.hasOwnProperty.call(message, "service") && message.service !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.service);
                if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.port);
                if (message.weight != null && $Object.hasOwnProperty.call(message, "weight") && message.weight !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.weight);
                if (message.filters != null && message.filters.length)
                    for (let i = 0; i < message.filters.length; ++i)
                        $root.waystone.v1.RouteFilter.encode(message.filters[i], writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.invalid != null && $Object.hasOwnProperty.call(message, "invalid") && message.invalid !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.invalid);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RouteBackend message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.RouteBackend
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.RouteBackend & waystone.v1.RouteBackend.$Shape} RouteBackend
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RouteBackend.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.RouteBackend();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.service = value;
                            else
                                delete message.service;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.port = value;
                            else
                                delete message.port;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.weight = value;
                            else
                                delete message.weight;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.filters && message.filters.length))
                                message.filters = [];
                            message.filters.push($root.waystone.v1.RouteFilter.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.invalid = value;
                            else
                                delete message.invalid;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RouteBackend;
        })();

        v1.Timeouts = (function() {

            /**
             * Properties of a Timeouts.
             * @typedef {Object} waystone.v1.Timeouts.$Properties
             * @property {number|null} [requestMs] Timeouts requestMs
             * @property {number|null} [backendRequestMs] Timeouts backendRequestMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Timeouts.
             * @memberof waystone.v1
             * @interface ITimeouts
             * @augments waystone.v1.Timeouts.$Properties
             * @deprecated Use waystone.v1.Timeouts.$Properties instead.
             */

            /**
             * Shape of a Timeouts.
             * @typedef {waystone.v1.Timeouts.$Properties} waystone.v1.Timeouts.$Shape
             */

            /**
             * Constructs a new Timeouts.
             * @memberof waystone.v1
             * @classdesc Represents a Timeouts.
             * @constructor
             * @param {waystone.v1.Timeouts.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Timeouts = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Timeouts requestMs.
             * @member {number|null|undefined} requestMs
             * @memberof waystone.v1.Timeouts
             * @instance
             */
            Timeouts.prototype.requestMs = null;

            /**
             * Timeouts backendRequestMs.
             * @member {number} backendRequestMs
             * @memberof waystone.v1.Timeouts
             * @instance
             */
            Timeouts.prototype.backendRequestMs = 0;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Timeouts.prototype, "_requestMs", {
                get: $util.oneOfGetter($oneOfFields = ["requestMs"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Timeouts message. Does not implicitly {@link waystone.v1.Timeouts.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Timeouts
             * @static
             * @param {waystone.v1.Timeouts.$Properties} message Timeouts message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Timeouts.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.requestMs != null && $Object.hasOwnProperty.call(message, "requestMs"))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.requestMs);
                if (message.backendRequestMs != null && $Object.hasOwnProperty.call(message, "backendRequestMs") && message.backendRequestMs !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.backendRequestMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Timeouts message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Timeouts
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Timeouts & waystone.v1.Timeouts.$Shape} Timeouts
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Timeouts.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Timeouts();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            message.requestMs = reader.uint32();
                            message._requestMs = "requestMs";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.backendRequestMs = value;
                            else
                                delete message.backendRequestMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Timeouts;
        })();

        v1.Retry = (function() {

            /**
             * Properties of a Retry.
             * @typedef {Object} waystone.v1.Retry.$Properties
             * @property {number|null} [attempts] Retry attempts
             * @property {number|null} [backoffMs] Retry backoffMs
             * @property {Array.<number>|null} [codes] Retry codes
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Retry.
             * @memberof waystone.v1
             * @interface IRetry
             * @augments waystone.v1.Retry.$Properties
             * @deprecated Use waystone.v1.Retry.$Properties instead.
             */

            /**
             * Shape of a Retry.
             * @typedef {waystone.v1.Retry.$Properties} waystone.v1.Retry.$Shape
             */

            /**
             * Constructs a new Retry.
             * @memberof waystone.v1
             * @classdesc Represents a Retry.
             * @constructor
             * @param {waystone.v1.Retry.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Retry = function (properties) {
                this.codes = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Retry attempts.
             * @member {number} attempts
             * @memberof waystone.v1.Retry
             * @instance
             */
            Retry.prototype.attempts = 0;

            /**
             * Retry backoffMs.
             * @member {number} backoffMs
             * @memberof waystone.v1.Retry
             * @instance
             */
            Retry.prototype.backoffMs = 0;

            /**
             * Retry codes.
             * @member {Array.<number>} codes
             * @memberof waystone.v1.Retry
             * @instance
             */
            Retry.prototype.codes = $util.emptyArray;

            /**
             * Encodes the specified Retry message. Does not implicitly {@link waystone.v1.Retry.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Retry
             * @static
             * @param {waystone.v1.Retry.$Properties} message Retry message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Retry.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.attempts != null && $Object.hasOwnProperty.call(message, "attempts") && message.attempts !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.attempts);
                if (message.backoffMs != null && $Object.hasOwnProperty.call(message, "backoffMs") && message.backoffMs !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.backoffMs);
                if (message.codes != null && message.codes.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).uint32s(message.codes);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Retry message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Retry
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Retry & waystone.v1.Retry.$Shape} Retry
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Retry.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Retry();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.attempts = value;
                            else
                                delete message.attempts;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.backoffMs = value;
                            else
                                delete message.backoffMs;
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.codes && message.codes.length))
                                    message.codes = [];
                                reader.uint32s(message.codes);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.codes && message.codes.length))
                                message.codes = [];
                            message.codes.push(reader.uint32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Retry;
        })();

        v1.SessionPersistence = (function() {

            /**
             * Properties of a SessionPersistence.
             * @typedef {Object} waystone.v1.SessionPersistence.$Properties
             * @property {waystone.v1.SessionPersistenceType|null} [type] SessionPersistence type
             * @property {string|null} [sessionName] SessionPersistence sessionName
             * @property {number|null} [absoluteTimeoutMs] SessionPersistence absoluteTimeoutMs
             * @property {boolean|null} [permanentCookie] SessionPersistence permanentCookie
             * @property {string|null} [cookiePath] SessionPersistence cookiePath
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SessionPersistence.
             * @memberof waystone.v1
             * @interface ISessionPersistence
             * @augments waystone.v1.SessionPersistence.$Properties
             * @deprecated Use waystone.v1.SessionPersistence.$Properties instead.
             */

            /**
             * Shape of a SessionPersistence.
             * @typedef {waystone.v1.SessionPersistence.$Properties} waystone.v1.SessionPersistence.$Shape
             */

            /**
             * Constructs a new SessionPersistence.
             * @memberof waystone.v1
             * @classdesc Represents a SessionPersistence.
             * @constructor
             * @param {waystone.v1.SessionPersistence.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SessionPersistence = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SessionPersistence type.
             * @member {waystone.v1.SessionPersistenceType} type
             * @memberof waystone.v1.SessionPersistence
             * @instance
             */
            SessionPersistence.prototype.type = 0;

            /**
             * SessionPersistence sessionName.
             * @member {string} sessionName
             * @memberof waystone.v1.SessionPersistence
             * @instance
             */
            SessionPersistence.prototype.sessionName = "";

            /**
             * SessionPersistence absoluteTimeoutMs.
             * @member {number} absoluteTimeoutMs
             * @memberof waystone.v1.SessionPersistence
             * @instance
             */
            SessionPersistence.prototype.absoluteTimeoutMs = 0;

            /**
             * SessionPersistence permanentCookie.
             * @member {boolean} permanentCookie
             * @memberof waystone.v1.SessionPersistence
             * @instance
             */
            SessionPersistence.prototype.permanentCookie = false;

            /**
             * SessionPersistence cookiePath.
             * @member {string} cookiePath
             * @memberof waystone.v1.SessionPersistence
             * @instance
             */
            SessionPersistence.prototype.cookiePath = "";

            /**
             * Encodes the specified SessionPersistence message. Does not implicitly {@link waystone.v1.SessionPersistence.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.SessionPersistence
             * @static
             * @param {waystone.v1.SessionPersistence.$Properties} message SessionPersistence message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SessionPersistence.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.type);
                if (message.sessionName != null && $Object.hasOwnProperty.call(message, "sessionName") && message.sessionName !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.sessionName);
                if (message.absoluteTimeoutMs != null && $Object.hasOwnProperty.call(message, "absoluteTimeoutMs") && message.absoluteTimeoutMs !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.absoluteTimeoutMs);
                if (message.permanentCookie != null && $Object.hasOwnProperty.call(message, "permanentCookie") && message.permanentCookie !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.permanentCookie);
                if (message.cookiePath != null && $Object.hasOwnProperty.call(message, "cookiePath") && message.cookiePath !== "")
                    writer.uint32(/* id 5, wireType 2 =*/42).string(message.cookiePath);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SessionPersistence message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.SessionPersistence
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.SessionPersistence & waystone.v1.SessionPersistence.$Shape} SessionPersistence
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SessionPersistence.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.SessionPersistence();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.type = value;
                            else
                                delete message.type;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.sessionName = value;
                            else
                                delete message.sessionName;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.absoluteTimeoutMs = value;
                            else
                                delete message.absoluteTimeoutMs;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.permanentCookie = value;
                            else
                                delete message.permanentCookie;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.cookiePath = value;
                            else
                                delete message.cookiePath;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SessionPersistence;
        })();

        /**
         * SessionPersistenceType enum.
         * @name waystone.v1.SessionPersistenceType
         * @enum {number}
         * @property {number} SESSION_COOKIE=0 SESSION_COOKIE value
         * @property {number} SESSION_HEADER=1 SESSION_HEADER value
         */
        v1.SessionPersistenceType = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "SESSION_COOKIE"] = 0;
            values[valuesById[1] = "SESSION_HEADER"] = 1;
            return values;
        })();

        v1.Policy = (function() {

            /**
             * Properties of a Policy.
             * @typedef {Object} waystone.v1.Policy.$Properties
             * @property {string|null} [kind] Policy kind
             * @property {string|null} [namespace] Policy namespace
             * @property {string|null} [name] Policy name
             * @property {number|null} [generation] Policy generation
             * @property {number|null} [createdAtSeconds] Policy createdAtSeconds
             * @property {waystone.v1.PolicyMode|null} [mode] Policy mode
             * @property {Array.<waystone.v1.PolicyTarget.$Properties>|null} [targets] Policy targets
             * @property {Array.<string>|null} [unusable] Policy unusable
             * @property {waystone.v1.Authorization.$Properties|null} [authorization] Policy authorization
             * @property {waystone.v1.BackendTls.$Properties|null} [backendTls] Policy backendTls
             * @property {waystone.v1.BackendTraffic.$Properties|null} [backendTraffic] Policy backendTraffic
             * @property {waystone.v1.Authentication.$Properties|null} [authentication] Policy authentication
             * @property {"authorization"|"backendTls"|"backendTraffic"|"authentication"} [spec] Policy spec
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Policy.
             * @memberof waystone.v1
             * @interface IPolicy
             * @augments waystone.v1.Policy.$Properties
             * @deprecated Use waystone.v1.Policy.$Properties instead.
             */

            /**
             * Narrowed shape of a Policy.
             * @typedef {{
             *   kind?: string|null;
             *   namespace?: string|null;
             *   name?: string|null;
             *   generation?: number|null;
             *   createdAtSeconds?: number|null;
             *   mode?: waystone.v1.PolicyMode|null;
             *   targets?: Array.<waystone.v1.PolicyTarget.$Shape>|null;
             *   unusable?: Array.<string>|null;
             *   authorization?: waystone.v1.Authorization.$Shape|null;
             *   backendTls?: waystone.v1.BackendTls.$Shape|null;
             *   backendTraffic?: waystone.v1.BackendTraffic.$Shape|null;
             *   authentication?: waystone.v1.Authentication.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ spec?: undefined; authorization?: null; backendTls?: null; backendTraffic?: null; authentication?: null }|{ spec?: "authorization"; authorization: waystone.v1.Authorization.$Shape; backendTls?: null; backendTraffic?: null; authentication?: null }|{ spec?: "backendTls"; authorization?: null; backendTls: waystone.v1.BackendTls.$Shape; backendTraffic?: null; authentication?: null }|{ spec?: "backendTraffic"; authorization?: null; backendTls?: null; backendTraffic: waystone.v1.BackendTraffic.$Shape; authentication?: null }|{ spec?: "authentication"; authorization?: null; backendTls?: null; backendTraffic?: null; authentication: waystone.v1.Authentication.$Shape })
             * )} waystone.v1.Policy.$Shape
             */

            /**
             * Constructs a new Policy.
             * @memberof waystone.v1
             * @classdesc Represents a Policy.
             * @constructor
             * @param {waystone.v1.Policy.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Policy = function (properties) {
                this.targets = [];
                this.unusable = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Policy kind.
             * @member {string} kind
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.kind = "";

            /**
             * Policy namespace.
             * @member {string} namespace
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.namespace = "";

            /**
             * Policy name.
             * @member {string} name
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.name = "";

            /**
             * Policy generation.
             * @member {number} generation
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.generation = 0;

            /**
             * Policy createdAtSeconds.
             * @member {number} createdAtSeconds
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.createdAtSeconds = 0;

            /**
             * Policy mode.
             * @member {waystone.v1.PolicyMode} mode
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.mode = 0;

            /**
             * Policy targets.
             * @member {Array.<waystone.v1.PolicyTarget.$Properties>} targets
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.targets = $util.emptyArray;

            /**
             * Policy unusable.
             * @member {Array.<string>} unusable
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.unusable = $util.emptyArray;

            /**
             * Policy authorization.
             * @member {waystone.v1.Authorization.$Properties|null|undefined} authorization
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.authorization = null;

            /**
             * Policy backendTls.
             * @member {waystone.v1.BackendTls.$Properties|null|undefined} backendTls
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.backendTls = null;

            /**
             * Policy backendTraffic.
             * @member {waystone.v1.BackendTraffic.$Properties|null|undefined} backendTraffic
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.backendTraffic = null;

            /**
             * Policy authentication.
             * @member {waystone.v1.Authentication.$Properties|null|undefined} authentication
             * @memberof waystone.v1.Policy
             * @instance
             */
            Policy.prototype.authentication = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Policy spec.
             * @member {"authorization"|"backendTls"|"backendTraffic"|"authentication"|undefined} spec
             * @memberof waystone.v1.Policy
             * @instance
             */
            $Object.defineProperty(Policy.prototype, "spec", {
                get: $util.oneOfGetter($oneOfFields = ["authorization", "backendTls", "backendTraffic", "authentication"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Policy message. Does not implicitly {@link waystone.v1.Policy.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Policy
             * @static
             * @param {waystone.v1.Policy.$Properties} message Policy message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Policy.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.kind);
                if (message.namespace != null && $Object.hasOwnProperty.call(message, "namespace") && message.namespace !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.namespace);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.name);
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.generation);
                if (message.createdAtSeconds != null && $Object.hasOwnProperty.call(message, "createdAtSeconds") && message.createdAtSeconds !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.createdAtSeconds);
                if (message.mode != null && $Object.hasOwnProperty.call(message, "mode") && message.mode !== 0)
                    writer.uint32(/* id 6, wireType 0 =*/48).int32(message.mode);
                if (message.targets != null && message.targets.length)
                    for (let i = 0; i < message.targets.length; ++i)
                        $root.waystone.v1.PolicyTarget.encode(message.targets[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.unusable != null && message.unusable.length)
                    for (let i = 0; i < message.unusable.length; ++i)
                        writer.uint32(/* id 8, wireType 2 =*/66).string(message.unusable[i]);
                if (message.authorization != null && $Object.hasOwnProperty.call(message, "authorization"))
                    $root.waystone.v1.Authorization.encode(message.authorization, writer.uint32(/* id 16, wireType 2 =*/130).fork(), _depth + 1).ldelim();
                if (message.backendTls != null && $Object.hasOwnProperty.call(message, "backendTls"))
                    $root.waystone.v1.BackendTls.encode(message.backendTls, writer.uint32(/* id 17, wireType 2 =*/138).fork(), _depth + 1).ldelim();
                if (message.backendTraffic != null && $Object.hasOwnProperty.call(message, "backendTraffic"))
                    $root.waystone.v1.BackendTraffic.encode(message.backendTraffic, writer.uint32(/* id 18, wireType 2 =*/146).fork(), _depth + 1).ldelim();
                if (message.authentication != null && $Object.hasOwnProperty.call(message, "authentication"))
                    $root.waystone.v1.Authentication.encode(message.authentication, writer.uint32(/* id 19, wireType 2 =*/154).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Policy message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Policy
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Policy & waystone.v1.Policy.$Shape} Policy
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Policy.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Policy();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.namespace = value;
                            else
                                delete message.namespace;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.createdAtSeconds = value;
                            else
                                delete message.createdAtSeconds;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.mode = value;
                            else
                                delete message.mode;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.targets && message.targets.length))
                                message.targets = [];
                            message.targets.push($root.waystone.v1.PolicyTarget.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.unusable && message.unusable.length))
                                message.unusable = [];
                            message.unusable.push(reader.stringVerify());
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            message.authorization = $root.waystone.v1.Authorization.decode(reader, reader.size(), $undefined, _depth + 1, message.authorization);
                            message.spec = "authorization";
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            message.backendTls = $root.waystone.v1.BackendTls.decode(reader, reader.size(), $undefined, _depth + 1, message.backendTls);
                            message.spec = "backendTls";
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            message.backendTraffic = $root.waystone.v1.BackendTraffic.decode(reader, reader.size(), $undefined, _depth + 1, message.backendTraffic);
                            message.spec = "backendTraffic";
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            message.authentication = $root.waystone.v1.Authentication.decode(reader, reader.size(), $undefined, _depth + 1, message.authentication);
                            message.spec = "authentication";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Policy;
        })();

        /**
         * PolicyMode enum.
         * @name waystone.v1.PolicyMode
         * @enum {number}
         * @property {number} POLICY_MODE_UNSPECIFIED=0 POLICY_MODE_UNSPECIFIED value
         * @property {number} ENFORCE=1 ENFORCE value
         * @property {number} SHADOW=2 SHADOW value
         */
        v1.PolicyMode = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "POLICY_MODE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "ENFORCE"] = 1;
            values[valuesById[2] = "SHADOW"] = 2;
            return values;
        })();

        v1.PolicyTarget = (function() {

            /**
             * Properties of a PolicyTarget.
             * @typedef {Object} waystone.v1.PolicyTarget.$Properties
             * @property {string|null} [kind] PolicyTarget kind
             * @property {string|null} [name] PolicyTarget name
             * @property {string|null} [section] PolicyTarget section
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PolicyTarget.
             * @memberof waystone.v1
             * @interface IPolicyTarget
             * @augments waystone.v1.PolicyTarget.$Properties
             * @deprecated Use waystone.v1.PolicyTarget.$Properties instead.
             */

            /**
             * Shape of a PolicyTarget.
             * @typedef {waystone.v1.PolicyTarget.$Properties} waystone.v1.PolicyTarget.$Shape
             */

            /**
             * Constructs a new PolicyTarget.
             * @memberof waystone.v1
             * @classdesc Represents a PolicyTarget.
             * @constructor
             * @param {waystone.v1.PolicyTarget.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PolicyTarget = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PolicyTarget kind.
             * @member {string} kind
             * @memberof waystone.v1.PolicyTarget
             * @instance
             */
            PolicyTarget.prototype.kind = "";

            /**
             * PolicyTarget name.
             * @member {string} name
             * @memberof waystone.v1.PolicyTarget
             * @instance
             */
            PolicyTarget.prototype.name = "";

            /**
             * PolicyTarget section.
             * @member {string} section
             * @memberof waystone.v1.PolicyTarget
             * @instance
             */
            PolicyTarget.prototype.section = "";

            /**
             * Encodes the specified PolicyTarget message. Does not implicitly {@link waystone.v1.PolicyTarget.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.PolicyTarget
             * @static
             * @param {waystone.v1.PolicyTarget.$Properties} message PolicyTarget message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PolicyTarget.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.kind);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.name);
                if (message.section != null && $Object.hasOwnProperty.call(message, "section") && message.section !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.section);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PolicyTarget message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.PolicyTarget
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.PolicyTarget & waystone.v1.PolicyTarget.$Shape} PolicyTarget
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PolicyTarget.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.PolicyTarget();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.section = value;
                            else
                                delete message.section;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PolicyTarget;
        })();

        v1.Authorization = (function() {

            /**
             * Properties of an Authorization.
             * @typedef {Object} waystone.v1.Authorization.$Properties
             * @property {waystone.v1.AuthorizationAction|null} [action] Authorization action
             * @property {waystone.v1.Assurance|null} [minimumAssurance] Authorization minimumAssurance
             * @property {Array.<waystone.v1.AuthorizationRule.$Properties>|null} [rules] Authorization rules
             * @property {waystone.v1.Authorizer.$Properties|null} [provider] Authorization provider
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Authorization.
             * @memberof waystone.v1
             * @interface IAuthorization
             * @augments waystone.v1.Authorization.$Properties
             * @deprecated Use waystone.v1.Authorization.$Properties instead.
             */

            /**
             * Shape of an Authorization.
             * @typedef {waystone.v1.Authorization.$Properties} waystone.v1.Authorization.$Shape
             */

            /**
             * Constructs a new Authorization.
             * @memberof waystone.v1
             * @classdesc Represents an Authorization.
             * @constructor
             * @param {waystone.v1.Authorization.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Authorization = function (properties) {
                this.rules = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Authorization action.
             * @member {waystone.v1.AuthorizationAction} action
             * @memberof waystone.v1.Authorization
             * @instance
             */
            Authorization.prototype.action = 0;

            /**
             * Authorization minimumAssurance.
             * @member {waystone.v1.Assurance} minimumAssurance
             * @memberof waystone.v1.Authorization
             * @instance
             */
            Authorization.prototype.minimumAssurance = 0;

            /**
             * Authorization rules.
             * @member {Array.<waystone.v1.AuthorizationRule.$Properties>} rules
             * @memberof waystone.v1.Authorization
             * @instance
             */
            Authorization.prototype.rules = $util.emptyArray;

            /**
             * Authorization provider.
             * @member {waystone.v1.Authorizer.$Properties|null|undefined} provider
             * @memberof waystone.v1.Authorization
             * @instance
             */
            Authorization.prototype.provider = null;

            /**
             * Encodes the specified Authorization message. Does not implicitly {@link waystone.v1.Authorization.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Authorization
             * @static
             * @param {waystone.v1.Authorization.$Properties} message Authorization message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Authorization.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.action != null && $Object.hasOwnProperty.call(message, "action") && message.action !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).int32(message.action);
                if (message.minimumAssurance != null && $Object.hasOwnProperty.call(message, "minimumAssurance") && message.minimumAssurance !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).int32(message.minimumAssurance);
                if (message.rules != null && message.rules.length)
                    for (let i = 0; i < message.rules.length; ++i)
                        $root.waystone.v1.AuthorizationRule.encode(message.rules[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.provider != null && $Object.hasOwnProperty.call(message, "provider"))
                    $root.waystone.v1.Authorizer.encode(message.provider, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Authorization message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Authorization
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Authorization & waystone.v1.Authorization.$Shape} Authorization
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Authorization.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Authorization();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.action = value;
                            else
                                delete message.action;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.minimumAssurance = value;
                            else
                                delete message.minimumAssurance;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.rules && message.rules.length))
                                message.rules = [];
                            message.rules.push($root.waystone.v1.AuthorizationRule.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.provider = $root.waystone.v1.Authorizer.decode(reader, reader.size(), $undefined, _depth + 1, message.provider);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Authorization;
        })();

        v1.Authorizer = (function() {

            /**
             * Properties of an Authorizer.
             * @typedef {Object} waystone.v1.Authorizer.$Properties
             * @property {string|null} [service] Authorizer service
             * @property {number|null} [port] Authorizer port
             * @property {waystone.v1.AuthorizerApi|null} [api] Authorizer api
             * @property {string|null} [invalid] Authorizer invalid
             * @property {number|null} [timeoutMs] Authorizer timeoutMs
             * @property {boolean|null} [failOpen] Authorizer failOpen
             * @property {number|null} [statusOnError] Authorizer statusOnError
             * @property {number|null} [bodyMaxBytes] Authorizer bodyMaxBytes
             * @property {boolean|null} [bodyAllowPartial] Authorizer bodyAllowPartial
             * @property {Object.<string,string>|null} [contextExtensions] Authorizer contextExtensions
             * @property {string|null} [path] Authorizer path
             * @property {Array.<string>|null} [allowedHeaders] Authorizer allowedHeaders
             * @property {Array.<string>|null} [headersToBackend] Authorizer headersToBackend
             * @property {Array.<string>|null} [headersToClient] Authorizer headersToClient
             * @property {boolean|null} [allHeadersToBackend] Authorizer allHeadersToBackend
             * @property {boolean|null} [allHeadersToClient] Authorizer allHeadersToClient
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Authorizer.
             * @memberof waystone.v1
             * @interface IAuthorizer
             * @augments waystone.v1.Authorizer.$Properties
             * @deprecated Use waystone.v1.Authorizer.$Properties instead.
             */

            /**
             * Shape of an Authorizer.
             * @typedef {waystone.v1.Authorizer.$Properties} waystone.v1.Authorizer.$Shape
             */

            /**
             * Constructs a new Authorizer.
             * @memberof waystone.v1
             * @classdesc Represents an Authorizer.
             * @constructor
             * @param {waystone.v1.Authorizer.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Authorizer = function (properties) {
                this.contextExtensions = {};
                this.allowedHeaders = [];
                this.headersToBackend = [];
                this.headersToClient = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Authorizer service.
             * @member {string} service
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.service = "";

            /**
             * Authorizer port.
             * @member {number} port
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.port = 0;

            /**
             * Authorizer api.
             * @member {waystone.v1.AuthorizerApi} api
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.api = 0;

            /**
             * Authorizer invalid.
             * @member {string} invalid
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.invalid = "";

            /**
             * Authorizer timeoutMs.
             * @member {number} timeoutMs
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.timeoutMs = 0;

            /**
             * Authorizer failOpen.
             * @member {boolean} failOpen
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.failOpen = false;

            /**
             * Authorizer statusOnError.
             * @member {number} statusOnError
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.statusOnError = 0;

            /**
             * Authorizer bodyMaxBytes.
             * @member {number} bodyMaxBytes
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.bodyMaxBytes = 0;

            /**
             * Authorizer bodyAllowPartial.
             * @member {boolean} bodyAllowPartial
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.bodyAllowPartial = false;

            /**
             * Authorizer contextExtensions.
             * @member {Object.<string,string>} contextExtensions
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.contextExtensions = $util.emptyObject;

            /**
             * Authorizer path.
             * @member {string} path
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.path = "";

            /**
             * Authorizer allowedHeaders.
             * @member {Array.<string>} allowedHeaders
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.allowedHeaders = $util.emptyArray;

            /**
             * Authorizer headersToBackend.
             * @member {Array.<string>} headersToBackend
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.headersToBackend = $util.emptyArray;

            /**
             * Authorizer headersToClient.
             * @member {Array.<string>} headersToClient
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.headersToClient = $util.emptyArray;

            /**
             * Authorizer allHeadersToBackend.
             * @member {boolean} allHeadersToBackend
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.allHeadersToBackend = false;

            /**
             * Authorizer allHeadersToClient.
             * @member {boolean} allHeadersToClient
             * @memberof waystone.v1.Authorizer
             * @instance
             */
            Authorizer.prototype.allHeadersToClient = false;

            /**
             * Encodes the specified Authorizer message. Does not implicitly {@link waystone.v1.Authorizer.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Authorizer
             * @static
             * @param {waystone.v1.Authorizer.$Properties} message Authorizer message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Authorizer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.service != null && $Object.hasOwnProperty.call(message, "service") && message.service !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.service);
                if (message.port != null && $Object.hasOwnProperty.call(message, "port") && message.port !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.port);
                if (message.api != null && $Object.hasOwnProperty.call(message, "api") && message.api !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).int32(message.api);
                if (message.invalid != null && $Object.hasOwnProperty.call(message, "invalid") && message.invalid !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.invalid);
                if (message.timeoutMs != null && $Object.hasOwnProperty.call(message, "timeoutMs") && message.timeoutMs !== 0)
                    writer.uint32(/* id 5, wireType 0 =*/40).uint32(message.timeoutMs);
                if (message.failOpen != null && $Object.hasOwnProperty.call(message, "failOpen") && message.failOpen !== false)
                    writer.uint32(/* id 6, wireType 0 =*/48).bool(message.failOpen);
                if (message.statusOnError != null && $Object.hasOwnProperty.call(message, "statusOnError") && message.statusOnError !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).uint32(message.statusOnError);
                if (message.bodyMaxBytes != null && $Object.hasOwnProperty.call(message, "bodyMaxBytes") && message.bodyMaxBytes !== 0)
                    writer.uint32(/* id 8, wireType 0 =*/64).uint32(message.bodyMaxBytes);
                if (message.bodyAllowPartial != null && $Object.hasOwnProperty.call(message, "bodyAllowPartial") && message.bodyAllowPartial !== false)
                    writer.uint32(/* id 9, wireType 0 =*/72).bool(message.bodyAllowPartial);
                if (message.contextExtensions != null && $Object.hasOwnProperty.call(message, "contextExtensions"))
                    for (let keys = $Object.keys(message.contextExtensions), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 10, wireType 2 =*/82).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.contextExtensions[keys[i]]).ldelim();
                if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                    writer.uint32(/* id 11, wireType 2 =*/90).string(message.path);
                if (message.allowedHeaders != null && message.allowedHeaders.length)
                    for (let i = 0; i < message.allowedHeaders.length; ++i)
                        writer.uint32(/* id 12, wireType 2 =*/98).string(message.allowedHeaders[i]);
                if (message.headersToBackend != null && message.headersToBackend.length)
                    for (let i = 0; i < message.headersToBackend.length; ++i)
                        writer.uint32(/* id 13, wireType 2 =*/106).string(message.headersToBackend[i]);
                if (message.headersToClient != null && message.headersToClient.length)
                    for (let i = 0; i < message.headersToClient.length; ++i)
                        writer.uint32(/* id 14, wireType 2 =*/114).string(message.headersToClient[i]);
                if (message.allHeadersToBackend != null && $Object.hasOwnProperty.call(message, "allHeadersToBackend") && message.allHeadersToBackend !== false)
                    writer.uint32(/* id 15, wireType 0 =*/120).bool(message.allHeadersToBackend);
                if (message.allHeadersToClient != null && $Object.hasOwnProperty.call(message, "allHeadersToClient") && message.allHeadersToClient !== false)
                    writer.uint32(/* id 16, wireType 0 =*/128).bool(message.allHeadersToClient);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Authorizer message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Authorizer
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Authorizer & waystone.v1.Authorizer.$Shape} Authorizer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Authorizer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Authorizer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.service = value;
                            else
                                delete message.service;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.port = value;
                            else
                                delete message.port;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.api = value;
                            else
                                delete message.api;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.invalid = value;
                            else
                                delete message.invalid;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.timeoutMs = value;
                            else
                                delete message.timeoutMs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.failOpen = value;
                            else
                                delete message.failOpen;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.statusOnError = value;
                            else
                                delete message.statusOnError;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.bodyMaxBytes = value;
                            else
                                delete message.bodyMaxBytes;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.bodyAllowPartial = value;
                            else
                                delete message.bodyAllowPartial;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if (message.contextExtensions === $util.emptyObject)
                                message.contextExtensions = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = "";
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 2)
                                        break;
                                    value = reader.stringVerify();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.contextExtensions, key);
                            message.contextExtensions[key] = value;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.path = value;
                            else
                                delete message.path;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if (!(message.allowedHeaders && message.allowedHeaders.length))
                                message.allowedHeaders = [];
                            message.allowedHeaders.push(reader.stringVerify());
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if (!(message.headersToBackend && message.headersToBackend.length))
                                message.headersToBackend = [];
                            message.headersToBackend.push(reader.stringVerify());
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if (!(message.headersToClient && message.headersToClient.length))
                                message.headersToClient = [];
                            message.headersToClient.push(reader.stringVerify());
                            continue;
                        }
                    case 15: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.allHeadersToBackend = value;
                            else
                                delete message.allHeadersToBackend;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.allHeadersToClient = value;
                            else
                                delete message.allHeadersToClient;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Authorizer;
        })();

        /**
         * AuthorizerApi enum.
         * @name waystone.v1.AuthorizerApi
         * @enum {number}
         * @property {number} AUTHORIZER_API_UNSPECIFIED=0 AUTHORIZER_API_UNSPECIFIED value
         * @property {number} EXT_AUTHZ_V3=1 EXT_AUTHZ_V3 value
         * @property {number} HTTP_CHECK=2 HTTP_CHECK value
         */
        v1.AuthorizerApi = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "AUTHORIZER_API_UNSPECIFIED"] = 0;
            values[valuesById[1] = "EXT_AUTHZ_V3"] = 1;
            values[valuesById[2] = "HTTP_CHECK"] = 2;
            return values;
        })();

        /**
         * AuthorizationAction enum.
         * @name waystone.v1.AuthorizationAction
         * @enum {number}
         * @property {number} AUTHORIZATION_ACTION_UNSPECIFIED=0 AUTHORIZATION_ACTION_UNSPECIFIED value
         * @property {number} ALLOW=1 ALLOW value
         * @property {number} DENY=2 DENY value
         * @property {number} AUDIT=3 AUDIT value
         * @property {number} CUSTOM=4 CUSTOM value
         */
        v1.AuthorizationAction = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "AUTHORIZATION_ACTION_UNSPECIFIED"] = 0;
            values[valuesById[1] = "ALLOW"] = 1;
            values[valuesById[2] = "DENY"] = 2;
            values[valuesById[3] = "AUDIT"] = 3;
            values[valuesById[4] = "CUSTOM"] = 4;
            return values;
        })();

        /**
         * Assurance enum.
         * @name waystone.v1.Assurance
         * @enum {number}
         * @property {number} ASSURANCE_NONE=0 ASSURANCE_NONE value
         * @property {number} ASSURANCE_NETWORK=1 ASSURANCE_NETWORK value
         * @property {number} ASSURANCE_TOKEN=2 ASSURANCE_TOKEN value
         * @property {number} ASSURANCE_TLS=3 ASSURANCE_TLS value
         */
        v1.Assurance = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "ASSURANCE_NONE"] = 0;
            values[valuesById[1] = "ASSURANCE_NETWORK"] = 1;
            values[valuesById[2] = "ASSURANCE_TOKEN"] = 2;
            values[valuesById[3] = "ASSURANCE_TLS"] = 3;
            return values;
        })();

        v1.AuthorizationRule = (function() {

            /**
             * Properties of an AuthorizationRule.
             * @typedef {Object} waystone.v1.AuthorizationRule.$Properties
             * @property {string|null} [name] AuthorizationRule name
             * @property {Array.<waystone.v1.AuthorizationConditions.$Properties>|null} [from] AuthorizationRule from
             * @property {Array.<waystone.v1.AuthorizationConditions.$Properties>|null} [to] AuthorizationRule to
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AuthorizationRule.
             * @memberof waystone.v1
             * @interface IAuthorizationRule
             * @augments waystone.v1.AuthorizationRule.$Properties
             * @deprecated Use waystone.v1.AuthorizationRule.$Properties instead.
             */

            /**
             * Shape of an AuthorizationRule.
             * @typedef {waystone.v1.AuthorizationRule.$Properties} waystone.v1.AuthorizationRule.$Shape
             */

            /**
             * Constructs a new AuthorizationRule.
             * @memberof waystone.v1
             * @classdesc Represents an AuthorizationRule.
             * @constructor
             * @param {waystone.v1.AuthorizationRule.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AuthorizationRule = function (properties) {
                this.from = [];
                this.to = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AuthorizationRule name.
             * @member {string} name
             * @memberof waystone.v1.AuthorizationRule
             * @instance
             */
            AuthorizationRule.prototype.name = "";

            /**
             * AuthorizationRule from.
             * @member {Array.<waystone.v1.AuthorizationConditions.$Properties>} from
             * @memberof waystone.v1.AuthorizationRule
             * @instance
             */
            AuthorizationRule.prototype.from = $util.emptyArray;

            /**
             * AuthorizationRule to.
             * @member {Array.<waystone.v1.AuthorizationConditions.$Properties>} to
             * @memberof waystone.v1.AuthorizationRule
             * @instance
             */
            AuthorizationRule.prototype.to = $util.emptyArray;

            /**
             * Encodes the specified AuthorizationRule message. Does not implicitly {@link waystone.v1.AuthorizationRule.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.AuthorizationRule
             * @static
             * @param {waystone.v1.AuthorizationRule.$Properties} message AuthorizationRule message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AuthorizationRule.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.from != null && message.from.length)
                    for (let i = 0; i < message.from.length; ++i)
                        $root.waystone.v1.AuthorizationConditions.encode(message.from[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.to != null && message.to.length)
                    for (let i = 0; i < message.to.length; ++i)
                        $root.waystone.v1.AuthorizationConditions.encode(message.to[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AuthorizationRule message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.AuthorizationRule
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.AuthorizationRule & waystone.v1.AuthorizationRule.$Shape} AuthorizationRule
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AuthorizationRule.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.AuthorizationRule();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.from && message.from.length))
                                message.from = [];
                            message.from.push($root.waystone.v1.AuthorizationConditions.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.to && message.to.length))
                                message.to = [];
                            message.to.push($root.waystone.v1.AuthorizationConditions.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AuthorizationRule;
        })();

        v1.AuthorizationConditions = (function() {

            /**
             * Properties of an AuthorizationConditions.
             * @typedef {Object} waystone.v1.AuthorizationConditions.$Properties
             * @property {Array.<waystone.v1.AuthorizationCondition.$Properties>|null} [conditions] AuthorizationConditions conditions
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AuthorizationConditions.
             * @memberof waystone.v1
             * @interface IAuthorizationConditions
             * @augments waystone.v1.AuthorizationConditions.$Properties
             * @deprecated Use waystone.v1.AuthorizationConditions.$Properties instead.
             */

            /**
             * Shape of an AuthorizationConditions.
             * @typedef {waystone.v1.AuthorizationConditions.$Properties} waystone.v1.AuthorizationConditions.$Shape
             */

            /**
             * Constructs a new AuthorizationConditions.
             * @memberof waystone.v1
             * @classdesc Represents an AuthorizationConditions.
             * @constructor
             * @param {waystone.v1.AuthorizationConditions.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AuthorizationConditions = function (properties) {
                this.conditions = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AuthorizationConditions conditions.
             * @member {Array.<waystone.v1.AuthorizationCondition.$Properties>} conditions
             * @memberof waystone.v1.AuthorizationConditions
             * @instance
             */
            AuthorizationConditions.prototype.conditions = $util.emptyArray;

            /**
             * Encodes the specified AuthorizationConditions message. Does not implicitly {@link waystone.v1.AuthorizationConditions.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.AuthorizationConditions
             * @static
             * @param {waystone.v1.AuthorizationConditions.$Properties} message AuthorizationConditions message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AuthorizationConditions.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.conditions != null && message.conditions.length)
                    for (let i = 0; i < message.conditions.length; ++i)
                        $root.waystone.v1.AuthorizationCondition.encode(message.conditions[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AuthorizationConditions message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.AuthorizationConditions
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.AuthorizationConditions & waystone.v1.AuthorizationConditions.$Shape} AuthorizationConditions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AuthorizationConditions.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.AuthorizationConditions();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.conditions && message.conditions.length))
                                message.conditions = [];
                            message.conditions.push($root.waystone.v1.AuthorizationCondition.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AuthorizationConditions;
        })();

        v1.AuthorizationCondition = (function() {

            /**
             * Properties of an AuthorizationCondition.
             * @typedef {Object} waystone.v1.AuthorizationCondition.$Properties
             * @property {string|null} [attribute] AuthorizationCondition attribute
             * @property {string|null} [key] AuthorizationCondition key
             * @property {Array.<string>|null} [values] AuthorizationCondition values
             * @property {boolean|null} [negated] AuthorizationCondition negated
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AuthorizationCondition.
             * @memberof waystone.v1
             * @interface IAuthorizationCondition
             * @augments waystone.v1.AuthorizationCondition.$Properties
             * @deprecated Use waystone.v1.AuthorizationCondition.$Properties instead.
             */

            /**
             * Shape of an AuthorizationCondition.
             * @typedef {waystone.v1.AuthorizationCondition.$Properties} waystone.v1.AuthorizationCondition.$Shape
             */

            /**
             * Constructs a new AuthorizationCondition.
             * @memberof waystone.v1
             * @classdesc Represents an AuthorizationCondition.
             * @constructor
             * @param {waystone.v1.AuthorizationCondition.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AuthorizationCondition = function (properties) {
                this.values = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AuthorizationCondition attribute.
             * @member {string} attribute
             * @memberof waystone.v1.AuthorizationCondition
             * @instance
             */
            AuthorizationCondition.prototype.attribute = "";

            /**
             * AuthorizationCondition key.
             * @member {string} key
             * @memberof waystone.v1.AuthorizationCondition
             * @instance
             */
            AuthorizationCondition.prototype.key = "";

            /**
             * AuthorizationCondition values.
             * @member {Array.<string>} values
             * @memberof waystone.v1.AuthorizationCondition
             * @instance
             */
            AuthorizationCondition.prototype.values = $util.emptyArray;

            /**
             * AuthorizationCondition negated.
             * @member {boolean} negated
             * @memberof waystone.v1.AuthorizationCondition
             * @instance
             */
            AuthorizationCondition.prototype.negated = false;

            /**
             * Encodes the specified AuthorizationCondition message. Does not implicitly {@link waystone.v1.AuthorizationCondition.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.AuthorizationCondition
             * @static
             * @param {waystone.v1.AuthorizationCondition.$Properties} message AuthorizationCondition message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AuthorizationCondition.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.attribute != null && $Object.hasOwnProperty.call(message, "attribute") && message.attribute !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.attribute);
                if (message.key != null && $Object.hasOwnProperty.call(message, "key") && message.key !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.key);
                if (message.values != null && message.values.length)
                    for (let i = 0; i < message.values.length; ++i)
                        writer.uint32(/* id 3, wireType 2 =*/26).string(message.values[i]);
                if (message.negated != null && $Object.hasOwnProperty.call(message, "negated") && message.negated !== false)
                    writer.uint32(/* id 4, wireType 0 =*/32).bool(message.negated);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AuthorizationCondition message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.AuthorizationCondition
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.AuthorizationCondition & waystone.v1.AuthorizationCondition.$Shape} AuthorizationCondition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AuthorizationCondition.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.AuthorizationCondition();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.attribute = value;
                            else
                                delete message.attribute;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.key = value;
                            else
                                delete message.key;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.values && message.values.length))
                                message.values = [];
                            message.values.push(reader.stringVerify());
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.negated = value;
                            else
                                delete message.negated;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AuthorizationCondition;
        })();

        v1.Authentication = (function() {

            /**
             * Properties of an Authentication.
             * @typedef {Object} waystone.v1.Authentication.$Properties
             * @property {Array.<waystone.v1.AuthenticationSetting.$Properties>|null} [settings] Authentication settings
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Authentication.
             * @memberof waystone.v1
             * @interface IAuthentication
             * @augments waystone.v1.Authentication.$Properties
             * @deprecated Use waystone.v1.Authentication.$Properties instead.
             */

            /**
             * Shape of an Authentication.
             * @typedef {waystone.v1.Authentication.$Properties} waystone.v1.Authentication.$Shape
             */

            /**
             * Constructs a new Authentication.
             * @memberof waystone.v1
             * @classdesc Represents an Authentication.
             * @constructor
             * @param {waystone.v1.Authentication.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Authentication = function (properties) {
                this.settings = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Authentication settings.
             * @member {Array.<waystone.v1.AuthenticationSetting.$Properties>} settings
             * @memberof waystone.v1.Authentication
             * @instance
             */
            Authentication.prototype.settings = $util.emptyArray;

            /**
             * Encodes the specified Authentication message. Does not implicitly {@link waystone.v1.Authentication.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Authentication
             * @static
             * @param {waystone.v1.Authentication.$Properties} message Authentication message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Authentication.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.settings != null && message.settings.length)
                    for (let i = 0; i < message.settings.length; ++i)
                        $root.waystone.v1.AuthenticationSetting.encode(message.settings[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Authentication message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Authentication
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Authentication & waystone.v1.Authentication.$Shape} Authentication
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Authentication.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Authentication();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.settings && message.settings.length))
                                message.settings = [];
                            message.settings.push($root.waystone.v1.AuthenticationSetting.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Authentication;
        })();

        v1.AuthenticationSetting = (function() {

            /**
             * Properties of an AuthenticationSetting.
             * @typedef {Object} waystone.v1.AuthenticationSetting.$Properties
             * @property {string|null} [name] AuthenticationSetting name
             * @property {string|null} [value] AuthenticationSetting value
             * @property {Array.<waystone.v1.AuthenticationSetting.$Properties>|null} [settings] AuthenticationSetting settings
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AuthenticationSetting.
             * @memberof waystone.v1
             * @interface IAuthenticationSetting
             * @augments waystone.v1.AuthenticationSetting.$Properties
             * @deprecated Use waystone.v1.AuthenticationSetting.$Properties instead.
             */

            /**
             * Shape of an AuthenticationSetting.
             * @typedef {waystone.v1.AuthenticationSetting.$Properties} waystone.v1.AuthenticationSetting.$Shape
             */

            /**
             * Constructs a new AuthenticationSetting.
             * @memberof waystone.v1
             * @classdesc Represents an AuthenticationSetting.
             * @constructor
             * @param {waystone.v1.AuthenticationSetting.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AuthenticationSetting = function (properties) {
                this.settings = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AuthenticationSetting name.
             * @member {string} name
             * @memberof waystone.v1.AuthenticationSetting
             * @instance
             */
            AuthenticationSetting.prototype.name = "";

            /**
             * AuthenticationSetting value.
             * @member {string} value
             * @memberof waystone.v1.AuthenticationSetting
             * @instance
             */
            AuthenticationSetting.prototype.value = "";

            /**
             * AuthenticationSetting settings.
             * @member {Array.<waystone.v1.AuthenticationSetting.$Properties>} settings
             * @memberof waystone.v1.AuthenticationSetting
             * @instance
             */
            AuthenticationSetting.prototype.settings = $util.emptyArray;

            /**
             * Encodes the specified AuthenticationSetting message. Does not implicitly {@link waystone.v1.AuthenticationSetting.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.AuthenticationSetting
             * @static
             * @param {waystone.v1.AuthenticationSetting.$Properties} message AuthenticationSetting message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AuthenticationSetting.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.value);
                if (message.settings != null && message.settings.length)
                    for (let i = 0; i < message.settings.length; ++i)
                        $root.waystone.v1.AuthenticationSetting.encode(message.settings[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AuthenticationSetting message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.AuthenticationSetting
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.AuthenticationSetting & waystone.v1.AuthenticationSetting.$Shape} AuthenticationSetting
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AuthenticationSetting.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.AuthenticationSetting();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.value = value;
                            else
                                delete message.value;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.settings && message.settings.length))
                                message.settings = [];
                            message.settings.push($root.waystone.v1.AuthenticationSetting.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AuthenticationSetting;
        })();

        v1.BackendTls = (function() {

            /**
             * Properties of a BackendTls.
             * @typedef {Object} waystone.v1.BackendTls.$Properties
             * @property {string|null} [hostname] BackendTls hostname
             * @property {Array.<waystone.v1.SubjectAltName.$Properties>|null} [subjectAltNames] BackendTls subjectAltNames
             * @property {boolean|null} [systemRoots] BackendTls systemRoots
             * @property {Array.<string>|null} [caCertificates] BackendTls caCertificates
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a BackendTls.
             * @memberof waystone.v1
             * @interface IBackendTls
             * @augments waystone.v1.BackendTls.$Properties
             * @deprecated Use waystone.v1.BackendTls.$Properties instead.
             */

            /**
             * Shape of a BackendTls.
             * @typedef {{
             *   hostname?: string|null;
             *   subjectAltNames?: Array.<waystone.v1.SubjectAltName.$Shape>|null;
             *   systemRoots?: boolean|null;
             *   caCertificates?: Array.<string>|null;
             *   $unknowns?: Array.<Uint8Array>;
             * }} waystone.v1.BackendTls.$Shape
             */

            /**
             * Constructs a new BackendTls.
             * @memberof waystone.v1
             * @classdesc Represents a BackendTls.
             * @constructor
             * @param {waystone.v1.BackendTls.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const BackendTls = function (properties) {
                this.subjectAltNames = [];
                this.caCertificates = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * BackendTls hostname.
             * @member {string} hostname
             * @memberof waystone.v1.BackendTls
             * @instance
             */
            BackendTls.prototype.hostname = "";

            /**
             * BackendTls subjectAltNames.
             * @member {Array.<waystone.v1.SubjectAltName.$Properties>} subjectAltNames
             * @memberof waystone.v1.BackendTls
             * @instance
             */
            BackendTls.prototype.subjectAltNames = $util.emptyArray;

            /**
             * BackendTls systemRoots.
             * @member {boolean} systemRoots
             * @memberof waystone.v1.BackendTls
             * @instance
             */
            BackendTls.prototype.systemRoots = false;

            /**
             * BackendTls caCertificates.
             * @member {Array.<string>} caCertificates
             * @memberof waystone.v1.BackendTls
             * @instance
             */
            BackendTls.prototype.caCertificates = $util.emptyArray;

            /**
             * Encodes the specified BackendTls message. Does not implicitly {@link waystone.v1.BackendTls.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.BackendTls
             * @static
             * @param {waystone.v1.BackendTls.$Properties} message BackendTls message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            BackendTls.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hostname != null && $Object.hasOwnProperty.call(message, "hostname") && message.hostname !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.hostname);
                if (message.subjectAltNames != null && message.subjectAltNames.length)
                    for (let i = 0; i < message.subjectAltNames.length; ++i)
                        $root.waystone.v1.SubjectAltName.encode(message.subjectAltNames[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.systemRoots != null && $Object.hasOwnProperty.call(message, "systemRoots") && message.systemRoots !== false)
                    writer.uint32(/* id 3, wireType 0 =*/24).bool(message.systemRoots);
                if (message.caCertificates != null && message.caCertificates.length)
                    for (let i = 0; i < message.caCertificates.length; ++i)
                        writer.uint32(/* id 4, wireType 2 =*/34).string(message.caCertificates[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a BackendTls message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.BackendTls
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.BackendTls & waystone.v1.BackendTls.$Shape} BackendTls
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            BackendTls.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.BackendTls();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.hostname = value;
                            else
                                delete message.hostname;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.subjectAltNames && message.subjectAltNames.length))
                                message.subjectAltNames = [];
                            message.subjectAltNames.push($root.waystone.v1.SubjectAltName.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.systemRoots = value;
                            else
                                delete message.systemRoots;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.caCertificates && message.caCertificates.length))
                                message.caCertificates = [];
                            message.caCertificates.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BackendTls;
        })();

        v1.SubjectAltName = (function() {

            /**
             * Properties of a SubjectAltName.
             * @typedef {Object} waystone.v1.SubjectAltName.$Properties
             * @property {string|null} [hostname] SubjectAltName hostname
             * @property {string|null} [uri] SubjectAltName uri
             * @property {"hostname"|"uri"} [name] SubjectAltName name
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SubjectAltName.
             * @memberof waystone.v1
             * @interface ISubjectAltName
             * @augments waystone.v1.SubjectAltName.$Properties
             * @deprecated Use waystone.v1.SubjectAltName.$Properties instead.
             */

            /**
             * Narrowed shape of a SubjectAltName.
             * @typedef {{
             *   hostname?: string|null;
             *   uri?: string|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ name?: undefined; hostname?: null; uri?: null }|{ name?: "hostname"; hostname: string; uri?: null }|{ name?: "uri"; hostname?: null; uri: string })
             * )} waystone.v1.SubjectAltName.$Shape
             */

            /**
             * Constructs a new SubjectAltName.
             * @memberof waystone.v1
             * @classdesc Represents a SubjectAltName.
             * @constructor
             * @param {waystone.v1.SubjectAltName.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SubjectAltName = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SubjectAltName hostname.
             * @member {string|null|undefined} hostname
             * @memberof waystone.v1.SubjectAltName
             * @instance
             */
            SubjectAltName.prototype.hostname = null;

            /**
             * SubjectAltName uri.
             * @member {string|null|undefined} uri
             * @memberof waystone.v1.SubjectAltName
             * @instance
             */
            SubjectAltName.prototype.uri = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * SubjectAltName name.
             * @member {"hostname"|"uri"|undefined} name
             * @memberof waystone.v1.SubjectAltName
             * @instance
             */
            $Object.defineProperty(SubjectAltName.prototype, "name", {
                get: $util.oneOfGetter($oneOfFields = ["hostname", "uri"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified SubjectAltName message. Does not implicitly {@link waystone.v1.SubjectAltName.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.SubjectAltName
             * @static
             * @param {waystone.v1.SubjectAltName.$Properties} message SubjectAltName message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SubjectAltName.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hostname != null && $Object.hasOwnProperty.call(message, "hostname"))
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.hostname);
                if (message.uri != null && $Object.hasOwnProperty.call(message, "uri"))
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.uri);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SubjectAltName message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.SubjectAltName
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.SubjectAltName & waystone.v1.SubjectAltName.$Shape} SubjectAltName
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SubjectAltName.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.SubjectAltName();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.hostname = reader.stringVerify();
                            message.name = "hostname";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.uri = reader.stringVerify();
                            message.name = "uri";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SubjectAltName;
        })();

        v1.BackendTraffic = (function() {

            /**
             * Properties of a BackendTraffic.
             * @typedef {Object} waystone.v1.BackendTraffic.$Properties
             * @property {waystone.v1.RetryBudget.$Properties|null} [retryBudget] BackendTraffic retryBudget
             * @property {waystone.v1.SessionPersistence.$Properties|null} [sessionPersistence] BackendTraffic sessionPersistence
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a BackendTraffic.
             * @memberof waystone.v1
             * @interface IBackendTraffic
             * @augments waystone.v1.BackendTraffic.$Properties
             * @deprecated Use waystone.v1.BackendTraffic.$Properties instead.
             */

            /**
             * Shape of a BackendTraffic.
             * @typedef {waystone.v1.BackendTraffic.$Properties} waystone.v1.BackendTraffic.$Shape
             */

            /**
             * Constructs a new BackendTraffic.
             * @memberof waystone.v1
             * @classdesc Represents a BackendTraffic.
             * @constructor
             * @param {waystone.v1.BackendTraffic.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const BackendTraffic = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * BackendTraffic retryBudget.
             * @member {waystone.v1.RetryBudget.$Properties|null|undefined} retryBudget
             * @memberof waystone.v1.BackendTraffic
             * @instance
             */
            BackendTraffic.prototype.retryBudget = null;

            /**
             * BackendTraffic sessionPersistence.
             * @member {waystone.v1.SessionPersistence.$Properties|null|undefined} sessionPersistence
             * @memberof waystone.v1.BackendTraffic
             * @instance
             */
            BackendTraffic.prototype.sessionPersistence = null;

            /**
             * Encodes the specified BackendTraffic message. Does not implicitly {@link waystone.v1.BackendTraffic.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.BackendTraffic
             * @static
             * @param {waystone.v1.BackendTraffic.$Properties} message BackendTraffic message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            BackendTraffic.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.retryBudget != null && $Object.hasOwnProperty.call(message, "retryBudget"))
                    $root.waystone.v1.RetryBudget.encode(message.retryBudget, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.sessionPersistence != null && $Object.hasOwnProperty.call(message, "sessionPersistence"))
                    $root.waystone.v1.SessionPersistence.encode(message.sessionPersistence, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a BackendTraffic message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.BackendTraffic
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.BackendTraffic & waystone.v1.BackendTraffic.$Shape} BackendTraffic
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            BackendTraffic.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.BackendTraffic();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.retryBudget = $root.waystone.v1.RetryBudget.decode(reader, reader.size(), $undefined, _depth + 1, message.retryBudget);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.sessionPersistence = $root.waystone.v1.SessionPersistence.decode(reader, reader.size(), $undefined, _depth + 1, message.sessionPersistence);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BackendTraffic;
        })();

        v1.RetryBudget = (function() {

            /**
             * Properties of a RetryBudget.
             * @typedef {Object} waystone.v1.RetryBudget.$Properties
             * @property {number|null} [percent] RetryBudget percent
             * @property {number|null} [intervalMs] RetryBudget intervalMs
             * @property {number|null} [minRetries] RetryBudget minRetries
             * @property {number|null} [minRetriesIntervalMs] RetryBudget minRetriesIntervalMs
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RetryBudget.
             * @memberof waystone.v1
             * @interface IRetryBudget
             * @augments waystone.v1.RetryBudget.$Properties
             * @deprecated Use waystone.v1.RetryBudget.$Properties instead.
             */

            /**
             * Shape of a RetryBudget.
             * @typedef {waystone.v1.RetryBudget.$Properties} waystone.v1.RetryBudget.$Shape
             */

            /**
             * Constructs a new RetryBudget.
             * @memberof waystone.v1
             * @classdesc Represents a RetryBudget.
             * @constructor
             * @param {waystone.v1.RetryBudget.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RetryBudget = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RetryBudget percent.
             * @member {number} percent
             * @memberof waystone.v1.RetryBudget
             * @instance
             */
            RetryBudget.prototype.percent = 0;

            /**
             * RetryBudget intervalMs.
             * @member {number} intervalMs
             * @memberof waystone.v1.RetryBudget
             * @instance
             */
            RetryBudget.prototype.intervalMs = 0;

            /**
             * RetryBudget minRetries.
             * @member {number} minRetries
             * @memberof waystone.v1.RetryBudget
             * @instance
             */
            RetryBudget.prototype.minRetries = 0;

            /**
             * RetryBudget minRetriesIntervalMs.
             * @member {number} minRetriesIntervalMs
             * @memberof waystone.v1.RetryBudget
             * @instance
             */
            RetryBudget.prototype.minRetriesIntervalMs = 0;

            /**
             * Encodes the specified RetryBudget message. Does not implicitly {@link waystone.v1.RetryBudget.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.RetryBudget
             * @static
             * @param {waystone.v1.RetryBudget.$Properties} message RetryBudget message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RetryBudget.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.percent != null && $Object.hasOwnProperty.call(message, "percent") && message.percent !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.percent);
                if (message.intervalMs != null && $Object.hasOwnProperty.call(message, "intervalMs") && message.intervalMs !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.intervalMs);
                if (message.minRetries != null && $Object.hasOwnProperty.call(message, "minRetries") && message.minRetries !== 0)
                    writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.minRetries);
                if (message.minRetriesIntervalMs != null && $Object.hasOwnProperty.call(message, "minRetriesIntervalMs") && message.minRetriesIntervalMs !== 0)
                    writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.minRetriesIntervalMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RetryBudget message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.RetryBudget
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.RetryBudget & waystone.v1.RetryBudget.$Shape} RetryBudget
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RetryBudget.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.RetryBudget();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.percent = value;
                            else
                                delete message.percent;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.intervalMs = value;
                            else
                                delete message.intervalMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.minRetries = value;
                            else
                                delete message.minRetries;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.minRetriesIntervalMs = value;
                            else
                                delete message.minRetriesIntervalMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RetryBudget;
        })();

        v1.Secret = (function() {

            /**
             * Properties of a Secret.
             * @typedef {Object} waystone.v1.Secret.$Properties
             * @property {waystone.v1.ClientCertificate.$Properties|null} [clientCertificate] Secret clientCertificate
             * @property {waystone.v1.Credentials.$Properties|null} [credentials] Secret credentials
             * @property {"clientCertificate"|"credentials"} [content] Secret content
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Secret.
             * @memberof waystone.v1
             * @interface ISecret
             * @augments waystone.v1.Secret.$Properties
             * @deprecated Use waystone.v1.Secret.$Properties instead.
             */

            /**
             * Narrowed shape of a Secret.
             * @typedef {{
             *   clientCertificate?: waystone.v1.ClientCertificate.$Shape|null;
             *   credentials?: waystone.v1.Credentials.$Shape|null;
             *   $unknowns?: Array.<Uint8Array>;
             * } & (
             *   ({ content?: undefined; clientCertificate?: null; credentials?: null }|{ content?: "clientCertificate"; clientCertificate: waystone.v1.ClientCertificate.$Shape; credentials?: null }|{ content?: "credentials"; clientCertificate?: null; credentials: waystone.v1.Credentials.$Shape })
             * )} waystone.v1.Secret.$Shape
             */

            /**
             * Constructs a new Secret.
             * @memberof waystone.v1
             * @classdesc Represents a Secret.
             * @constructor
             * @param {waystone.v1.Secret.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Secret = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Secret clientCertificate.
             * @member {waystone.v1.ClientCertificate.$Properties|null|undefined} clientCertificate
             * @memberof waystone.v1.Secret
             * @instance
             */
            Secret.prototype.clientCertificate = null;

            /**
             * Secret credentials.
             * @member {waystone.v1.Credentials.$Properties|null|undefined} credentials
             * @memberof waystone.v1.Secret
             * @instance
             */
            Secret.prototype.credentials = null;

            // OneOf field names bound to virtual getters and setters
            let $oneOfFields;

            /**
             * Secret content.
             * @member {"clientCertificate"|"credentials"|undefined} content
             * @memberof waystone.v1.Secret
             * @instance
             */
            $Object.defineProperty(Secret.prototype, "content", {
                get: $util.oneOfGetter($oneOfFields = ["clientCertificate", "credentials"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            /**
             * Encodes the specified Secret message. Does not implicitly {@link waystone.v1.Secret.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Secret
             * @static
             * @param {waystone.v1.Secret.$Properties} message Secret message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Secret.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.clientCertificate != null && $Object.hasOwnProperty.call(message, "clientCertificate"))
                    $root.waystone.v1.ClientCertificate.encode(message.clientCertificate, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.credentials != null && $Object.hasOwnProperty.call(message, "credentials"))
                    $root.waystone.v1.Credentials.encode(message.credentials, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Secret message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Secret
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Secret & waystone.v1.Secret.$Shape} Secret
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Secret.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Secret();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.clientCertificate = $root.waystone.v1.ClientCertificate.decode(reader, reader.size(), $undefined, _depth + 1, message.clientCertificate);
                            message.content = "clientCertificate";
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.credentials = $root.waystone.v1.Credentials.decode(reader, reader.size(), $undefined, _depth + 1, message.credentials);
                            message.content = "credentials";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Secret;
        })();

        v1.Credentials = (function() {

            /**
             * Properties of a Credentials.
             * @typedef {Object} waystone.v1.Credentials.$Properties
             * @property {Array.<waystone.v1.ApiKey.$Properties>|null} [apiKeys] Credentials apiKeys
             * @property {Array.<waystone.v1.BasicUser.$Properties>|null} [users] Credentials users
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Credentials.
             * @memberof waystone.v1
             * @interface ICredentials
             * @augments waystone.v1.Credentials.$Properties
             * @deprecated Use waystone.v1.Credentials.$Properties instead.
             */

            /**
             * Shape of a Credentials.
             * @typedef {waystone.v1.Credentials.$Properties} waystone.v1.Credentials.$Shape
             */

            /**
             * Constructs a new Credentials.
             * @memberof waystone.v1
             * @classdesc Represents a Credentials.
             * @constructor
             * @param {waystone.v1.Credentials.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Credentials = function (properties) {
                this.apiKeys = [];
                this.users = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Credentials apiKeys.
             * @member {Array.<waystone.v1.ApiKey.$Properties>} apiKeys
             * @memberof waystone.v1.Credentials
             * @instance
             */
            Credentials.prototype.apiKeys = $util.emptyArray;

            /**
             * Credentials users.
             * @member {Array.<waystone.v1.BasicUser.$Properties>} users
             * @memberof waystone.v1.Credentials
             * @instance
             */
            Credentials.prototype.users = $util.emptyArray;

            /**
             * Encodes the specified Credentials message. Does not implicitly {@link waystone.v1.Credentials.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Credentials
             * @static
             * @param {waystone.v1.Credentials.$Properties} message Credentials message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Credentials.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.apiKeys != null && message.apiKeys.length)
                    for (let i = 0; i < message.apiKeys.length; ++i)
                        $root.waystone.v1.ApiKey.encode(message.apiKeys[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.users != null && message.users.length)
                    for (let i = 0; i < message.users.length; ++i)
                        $root.waystone.v1.BasicUser.encode(message.users[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Credentials message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Credentials
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Credentials & waystone.v1.Credentials.$Shape} Credentials
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Credentials.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Credentials();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.apiKeys && message.apiKeys.length))
                                message.apiKeys = [];
                            message.apiKeys.push($root.waystone.v1.ApiKey.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.users && message.users.length))
                                message.users = [];
                            message.users.push($root.waystone.v1.BasicUser.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Credentials;
        })();

        v1.ApiKey = (function() {

            /**
             * Properties of an ApiKey.
             * @typedef {Object} waystone.v1.ApiKey.$Properties
             * @property {string|null} [owner] ApiKey owner
             * @property {Uint8Array|null} [sha256] ApiKey sha256
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an ApiKey.
             * @memberof waystone.v1
             * @interface IApiKey
             * @augments waystone.v1.ApiKey.$Properties
             * @deprecated Use waystone.v1.ApiKey.$Properties instead.
             */

            /**
             * Shape of an ApiKey.
             * @typedef {waystone.v1.ApiKey.$Properties} waystone.v1.ApiKey.$Shape
             */

            /**
             * Constructs a new ApiKey.
             * @memberof waystone.v1
             * @classdesc Represents an ApiKey.
             * @constructor
             * @param {waystone.v1.ApiKey.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ApiKey = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ApiKey owner.
             * @member {string} owner
             * @memberof waystone.v1.ApiKey
             * @instance
             */
            ApiKey.prototype.owner = "";

            /**
             * ApiKey sha256.
             * @member {Uint8Array} sha256
             * @memberof waystone.v1.ApiKey
             * @instance
             */
            ApiKey.prototype.sha256 = $util.newBuffer([]);

            /**
             * Encodes the specified ApiKey message. Does not implicitly {@link waystone.v1.ApiKey.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.ApiKey
             * @static
             * @param {waystone.v1.ApiKey.$Properties} message ApiKey message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ApiKey.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.owner != null && $Object.hasOwnProperty.call(message, "owner") && message.owner !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.owner);
                if (message.sha256 != null && $Object.hasOwnProperty.call(message, "sha256") && message.sha256.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.sha256);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an ApiKey message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.ApiKey
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.ApiKey & waystone.v1.ApiKey.$Shape} ApiKey
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ApiKey.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.ApiKey();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.owner = value;
                            else
                                delete message.owner;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.sha256 = value;
                            else
                                delete message.sha256;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ApiKey;
        })();

        v1.BasicUser = (function() {

            /**
             * Properties of a BasicUser.
             * @typedef {Object} waystone.v1.BasicUser.$Properties
             * @property {string|null} [name] BasicUser name
             * @property {string|null} [passwordHash] BasicUser passwordHash
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a BasicUser.
             * @memberof waystone.v1
             * @interface IBasicUser
             * @augments waystone.v1.BasicUser.$Properties
             * @deprecated Use waystone.v1.BasicUser.$Properties instead.
             */

            /**
             * Shape of a BasicUser.
             * @typedef {waystone.v1.BasicUser.$Properties} waystone.v1.BasicUser.$Shape
             */

            /**
             * Constructs a new BasicUser.
             * @memberof waystone.v1
             * @classdesc Represents a BasicUser.
             * @constructor
             * @param {waystone.v1.BasicUser.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const BasicUser = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * BasicUser name.
             * @member {string} name
             * @memberof waystone.v1.BasicUser
             * @instance
             */
            BasicUser.prototype.name = "";

            /**
             * BasicUser passwordHash.
             * @member {string} passwordHash
             * @memberof waystone.v1.BasicUser
             * @instance
             */
            BasicUser.prototype.passwordHash = "";

            /**
             * Encodes the specified BasicUser message. Does not implicitly {@link waystone.v1.BasicUser.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.BasicUser
             * @static
             * @param {waystone.v1.BasicUser.$Properties} message BasicUser message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            BasicUser.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.passwordHash != null && $Object.hasOwnProperty.call(message, "passwordHash") && message.passwordHash !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.passwordHash);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a BasicUser message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.BasicUser
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.BasicUser & waystone.v1.BasicUser.$Shape} BasicUser
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            BasicUser.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.BasicUser();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.passwordHash = value;
                            else
                                delete message.passwordHash;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return BasicUser;
        })();

        v1.ClientCertificate = (function() {

            /**
             * Properties of a ClientCertificate.
             * @typedef {Object} waystone.v1.ClientCertificate.$Properties
             * @property {string|null} [certificatePem] ClientCertificate certificatePem
             * @property {string|null} [keyPem] ClientCertificate keyPem
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ClientCertificate.
             * @memberof waystone.v1
             * @interface IClientCertificate
             * @augments waystone.v1.ClientCertificate.$Properties
             * @deprecated Use waystone.v1.ClientCertificate.$Properties instead.
             */

            /**
             * Shape of a ClientCertificate.
             * @typedef {waystone.v1.ClientCertificate.$Properties} waystone.v1.ClientCertificate.$Shape
             */

            /**
             * Constructs a new ClientCertificate.
             * @memberof waystone.v1
             * @classdesc Represents a ClientCertificate.
             * @constructor
             * @param {waystone.v1.ClientCertificate.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ClientCertificate = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ClientCertificate certificatePem.
             * @member {string} certificatePem
             * @memberof waystone.v1.ClientCertificate
             * @instance
             */
            ClientCertificate.prototype.certificatePem = "";

            /**
             * ClientCertificate keyPem.
             * @member {string} keyPem
             * @memberof waystone.v1.ClientCertificate
             * @instance
             */
            ClientCertificate.prototype.keyPem = "";

            /**
             * Encodes the specified ClientCertificate message. Does not implicitly {@link waystone.v1.ClientCertificate.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.ClientCertificate
             * @static
             * @param {waystone.v1.ClientCertificate.$Properties} message ClientCertificate message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ClientCertificate.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.certificatePem != null && $Object.hasOwnProperty.call(message, "certificatePem") && message.certificatePem !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.certificatePem);
                if (message.keyPem != null && $Object.hasOwnProperty.call(message, "keyPem") && message.keyPem !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.keyPem);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ClientCertificate message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.ClientCertificate
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.ClientCertificate & waystone.v1.ClientCertificate.$Shape} ClientCertificate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ClientCertificate.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.ClientCertificate();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.certificatePem = value;
                            else
                                delete message.certificatePem;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.keyPem = value;
                            else
                                delete message.keyPem;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ClientCertificate;
        })();

        v1.Rejections = (function() {

            /**
             * Properties of a Rejections.
             * @typedef {Object} waystone.v1.Rejections.$Properties
             * @property {Array.<waystone.v1.Rejection.$Properties>|null} [rejections] Rejections rejections
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Rejections.
             * @memberof waystone.v1
             * @interface IRejections
             * @augments waystone.v1.Rejections.$Properties
             * @deprecated Use waystone.v1.Rejections.$Properties instead.
             */

            /**
             * Shape of a Rejections.
             * @typedef {waystone.v1.Rejections.$Properties} waystone.v1.Rejections.$Shape
             */

            /**
             * Constructs a new Rejections.
             * @memberof waystone.v1
             * @classdesc Represents a Rejections.
             * @constructor
             * @param {waystone.v1.Rejections.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Rejections = function (properties) {
                this.rejections = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Rejections rejections.
             * @member {Array.<waystone.v1.Rejection.$Properties>} rejections
             * @memberof waystone.v1.Rejections
             * @instance
             */
            Rejections.prototype.rejections = $util.emptyArray;

            /**
             * Encodes the specified Rejections message. Does not implicitly {@link waystone.v1.Rejections.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Rejections
             * @static
             * @param {waystone.v1.Rejections.$Properties} message Rejections message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Rejections.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.rejections != null && message.rejections.length)
                    for (let i = 0; i < message.rejections.length; ++i)
                        $root.waystone.v1.Rejection.encode(message.rejections[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Rejections message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Rejections
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Rejections & waystone.v1.Rejections.$Shape} Rejections
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Rejections.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Rejections();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.rejections && message.rejections.length))
                                message.rejections = [];
                            message.rejections.push($root.waystone.v1.Rejection.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Rejections;
        })();

        v1.Rejection = (function() {

            /**
             * Properties of a Rejection.
             * @typedef {Object} waystone.v1.Rejection.$Properties
             * @property {string|null} [name] Rejection name
             * @property {string|null} [reason] Rejection reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Rejection.
             * @memberof waystone.v1
             * @interface IRejection
             * @augments waystone.v1.Rejection.$Properties
             * @deprecated Use waystone.v1.Rejection.$Properties instead.
             */

            /**
             * Shape of a Rejection.
             * @typedef {waystone.v1.Rejection.$Properties} waystone.v1.Rejection.$Shape
             */

            /**
             * Constructs a new Rejection.
             * @memberof waystone.v1
             * @classdesc Represents a Rejection.
             * @constructor
             * @param {waystone.v1.Rejection.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Rejection = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Rejection name.
             * @member {string} name
             * @memberof waystone.v1.Rejection
             * @instance
             */
            Rejection.prototype.name = "";

            /**
             * Rejection reason.
             * @member {string} reason
             * @memberof waystone.v1.Rejection
             * @instance
             */
            Rejection.prototype.reason = "";

            /**
             * Encodes the specified Rejection message. Does not implicitly {@link waystone.v1.Rejection.verify|verify} messages.
             * @function encode
             * @memberof waystone.v1.Rejection
             * @static
             * @param {waystone.v1.Rejection.$Properties} message Rejection message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Rejection.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Rejection message from the specified reader or buffer.
             * @function decode
             * @memberof waystone.v1.Rejection
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {waystone.v1.Rejection & waystone.v1.Rejection.$Shape} Rejection
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Rejection.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.waystone.v1.Rejection();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Rejection;
        })();

        return v1;
    })();

    return waystone;
})();

export {
  $root as default
};
