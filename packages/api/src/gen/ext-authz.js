/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const envoy = $root.envoy = (() => {

    /**
     * Namespace envoy.
     * @exports envoy
     * @namespace
     */
    const envoy = {};

    envoy.service = (function() {

        /**
         * Namespace service.
         * @memberof envoy
         * @namespace
         */
        const service = {};

        service.auth = (function() {

            /**
             * Namespace auth.
             * @memberof envoy.service
             * @namespace
             */
            const auth = {};

            auth.v3 = (function() {

                /**
                 * Namespace v3.
                 * @memberof envoy.service.auth
                 * @namespace
                 */
                const v3 = {};

                v3.CheckRequest = (function() {

                    /**
                     * Properties of a CheckRequest.
                     * @typedef {Object} envoy.service.auth.v3.CheckRequest.$Properties
                     * @property {envoy.service.auth.v3.AttributeContext.$Properties|null} [attributes] CheckRequest attributes
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a CheckRequest.
                     * @memberof envoy.service.auth.v3
                     * @interface ICheckRequest
                     * @augments envoy.service.auth.v3.CheckRequest.$Properties
                     * @deprecated Use envoy.service.auth.v3.CheckRequest.$Properties instead.
                     */

                    /**
                     * Shape of a CheckRequest.
                     * @typedef {envoy.service.auth.v3.CheckRequest.$Properties} envoy.service.auth.v3.CheckRequest.$Shape
                     */

                    /**
                     * Constructs a new CheckRequest.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a CheckRequest.
                     * @constructor
                     * @param {envoy.service.auth.v3.CheckRequest.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const CheckRequest = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * CheckRequest attributes.
                     * @member {envoy.service.auth.v3.AttributeContext.$Properties|null|undefined} attributes
                     * @memberof envoy.service.auth.v3.CheckRequest
                     * @instance
                     */
                    CheckRequest.prototype.attributes = null;

                    /**
                     * Encodes the specified CheckRequest message. Does not implicitly {@link envoy.service.auth.v3.CheckRequest.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.CheckRequest
                     * @static
                     * @param {envoy.service.auth.v3.CheckRequest.$Properties} message CheckRequest message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    CheckRequest.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.attributes != null && $Object.hasOwnProperty.call(message, "attributes"))
                            $root.envoy.service.auth.v3.AttributeContext.encode(message.attributes, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a CheckRequest message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.CheckRequest
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.CheckRequest & envoy.service.auth.v3.CheckRequest.$Shape} CheckRequest
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    CheckRequest.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.CheckRequest();
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
                                    message.attributes = $root.envoy.service.auth.v3.AttributeContext.decode(reader, reader.size(), $undefined, _depth + 1, message.attributes);
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

                    return CheckRequest;
                })();

                v3.AttributeContext = (function() {

                    /**
                     * Properties of an AttributeContext.
                     * @typedef {Object} envoy.service.auth.v3.AttributeContext.$Properties
                     * @property {envoy.service.auth.v3.AttributeContext.Peer.$Properties|null} [source] AttributeContext source
                     * @property {envoy.service.auth.v3.AttributeContext.Peer.$Properties|null} [destination] AttributeContext destination
                     * @property {envoy.service.auth.v3.AttributeContext.Request.$Properties|null} [request] AttributeContext request
                     * @property {Object.<string,string>|null} [contextExtensions] AttributeContext contextExtensions
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of an AttributeContext.
                     * @memberof envoy.service.auth.v3
                     * @interface IAttributeContext
                     * @augments envoy.service.auth.v3.AttributeContext.$Properties
                     * @deprecated Use envoy.service.auth.v3.AttributeContext.$Properties instead.
                     */

                    /**
                     * Shape of an AttributeContext.
                     * @typedef {envoy.service.auth.v3.AttributeContext.$Properties} envoy.service.auth.v3.AttributeContext.$Shape
                     */

                    /**
                     * Constructs a new AttributeContext.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents an AttributeContext.
                     * @constructor
                     * @param {envoy.service.auth.v3.AttributeContext.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const AttributeContext = function (properties) {
                        this.contextExtensions = {};
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * AttributeContext source.
                     * @member {envoy.service.auth.v3.AttributeContext.Peer.$Properties|null|undefined} source
                     * @memberof envoy.service.auth.v3.AttributeContext
                     * @instance
                     */
                    AttributeContext.prototype.source = null;

                    /**
                     * AttributeContext destination.
                     * @member {envoy.service.auth.v3.AttributeContext.Peer.$Properties|null|undefined} destination
                     * @memberof envoy.service.auth.v3.AttributeContext
                     * @instance
                     */
                    AttributeContext.prototype.destination = null;

                    /**
                     * AttributeContext request.
                     * @member {envoy.service.auth.v3.AttributeContext.Request.$Properties|null|undefined} request
                     * @memberof envoy.service.auth.v3.AttributeContext
                     * @instance
                     */
                    AttributeContext.prototype.request = null;

                    /**
                     * AttributeContext contextExtensions.
                     * @member {Object.<string,string>} contextExtensions
                     * @memberof envoy.service.auth.v3.AttributeContext
                     * @instance
                     */
                    AttributeContext.prototype.contextExtensions = $util.emptyObject;

                    /**
                     * Encodes the specified AttributeContext message. Does not implicitly {@link envoy.service.auth.v3.AttributeContext.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.AttributeContext
                     * @static
                     * @param {envoy.service.auth.v3.AttributeContext.$Properties} message AttributeContext message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    AttributeContext.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                            $root.envoy.service.auth.v3.AttributeContext.Peer.encode(message.source, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                        if (message.destination != null && $Object.hasOwnProperty.call(message, "destination"))
                            $root.envoy.service.auth.v3.AttributeContext.Peer.encode(message.destination, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                        if (message.request != null && $Object.hasOwnProperty.call(message, "request"))
                            $root.envoy.service.auth.v3.AttributeContext.Request.encode(message.request, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                        if (message.contextExtensions != null && $Object.hasOwnProperty.call(message, "contextExtensions"))
                            for (let keys = $Object.keys(message.contextExtensions), i = 0; i < keys.length; ++i)
                                writer.uint32(/* id 10, wireType 2 =*/82).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.contextExtensions[keys[i]]).ldelim();
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes an AttributeContext message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.AttributeContext
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.AttributeContext & envoy.service.auth.v3.AttributeContext.$Shape} AttributeContext
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    AttributeContext.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.AttributeContext();
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
                                    message.source = $root.envoy.service.auth.v3.AttributeContext.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.source);
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    message.destination = $root.envoy.service.auth.v3.AttributeContext.Peer.decode(reader, reader.size(), $undefined, _depth + 1, message.destination);
                                    continue;
                                }
                            case 4: {
                                    if (wireType !== 2)
                                        break;
                                    message.request = $root.envoy.service.auth.v3.AttributeContext.Request.decode(reader, reader.size(), $undefined, _depth + 1, message.request);
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

                    AttributeContext.Peer = (function() {

                        /**
                         * Properties of a Peer.
                         * @typedef {Object} envoy.service.auth.v3.AttributeContext.Peer.$Properties
                         * @property {envoy.service.auth.v3.Address.$Properties|null} [address] Peer address
                         * @property {string|null} [service] Peer service
                         * @property {Object.<string,string>|null} [labels] Peer labels
                         * @property {string|null} [principal] Peer principal
                         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                         */

                        /**
                         * Properties of a Peer.
                         * @memberof envoy.service.auth.v3.AttributeContext
                         * @interface IPeer
                         * @augments envoy.service.auth.v3.AttributeContext.Peer.$Properties
                         * @deprecated Use envoy.service.auth.v3.AttributeContext.Peer.$Properties instead.
                         */

                        /**
                         * Shape of a Peer.
                         * @typedef {envoy.service.auth.v3.AttributeContext.Peer.$Properties} envoy.service.auth.v3.AttributeContext.Peer.$Shape
                         */

                        /**
                         * Constructs a new Peer.
                         * @memberof envoy.service.auth.v3.AttributeContext
                         * @classdesc Represents a Peer.
                         * @constructor
                         * @param {envoy.service.auth.v3.AttributeContext.Peer.$Properties=} [properties] Properties to set
                         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                         */
                        const Peer = function (properties) {
                            this.labels = {};
                            if (properties)
                                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                        this[keys[i]] = properties[keys[i]];
                        };

                        /**
                         * Peer address.
                         * @member {envoy.service.auth.v3.Address.$Properties|null|undefined} address
                         * @memberof envoy.service.auth.v3.AttributeContext.Peer
                         * @instance
                         */
                        Peer.prototype.address = null;

                        /**
                         * Peer service.
                         * @member {string} service
                         * @memberof envoy.service.auth.v3.AttributeContext.Peer
                         * @instance
                         */
                        Peer.prototype.service = "";

                        /**
                         * Peer labels.
                         * @member {Object.<string,string>} labels
                         * @memberof envoy.service.auth.v3.AttributeContext.Peer
                         * @instance
                         */
                        Peer.prototype.labels = $util.emptyObject;

                        /**
                         * Peer principal.
                         * @member {string} principal
                         * @memberof envoy.service.auth.v3.AttributeContext.Peer
                         * @instance
                         */
                        Peer.prototype.principal = "";

                        /**
                         * Encodes the specified Peer message. Does not implicitly {@link envoy.service.auth.v3.AttributeContext.Peer.verify|verify} messages.
                         * @function encode
                         * @memberof envoy.service.auth.v3.AttributeContext.Peer
                         * @static
                         * @param {envoy.service.auth.v3.AttributeContext.Peer.$Properties} message Peer message or plain object to encode
                         * @param {$protobuf.Writer} [writer] Writer to encode to
                         * @returns {$protobuf.Writer} Writer
                         */
                        Peer.encode = function (message, writer, _depth) {
                            if (!writer)
                                writer = $Writer.create();
                            if (_depth === $undefined)
                                _depth = 0;
                            if (_depth > $util.recursionLimit)
                                throw $Error("max depth exceeded");
                            if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                                $root.envoy.service.auth.v3.Address.encode(message.address, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                            if (message.service != null && $Object.hasOwnProperty.call(message, "service") && message.service !== "")
                                writer.uint32(/* id 2, wireType 2 =*/18).string(message.service);
                            if (message.labels != null && $Object.hasOwnProperty.call(message, "labels"))
                                for (let keys = $Object.keys(message.labels), i = 0; i < keys.length; ++i)
                                    writer.uint32(/* id 3, wireType 2 =*/26).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.labels[keys[i]]).ldelim();
                            if (message.principal != null && $Object.hasOwnProperty.call(message, "principal") && message.principal !== "")
                                writer.uint32(/* id 4, wireType 2 =*/34).string(message.principal);
                            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                                for (let i = 0; i < message.$unknowns.length; ++i)
                                    writer.raw(message.$unknowns[i]);
                            return writer;
                        };

                        /**
                         * Decodes a Peer message from the specified reader or buffer.
                         * @function decode
                         * @memberof envoy.service.auth.v3.AttributeContext.Peer
                         * @static
                         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                         * @param {number} [length] Message length if known beforehand
                         * @returns {envoy.service.auth.v3.AttributeContext.Peer & envoy.service.auth.v3.AttributeContext.Peer.$Shape} Peer
                         * @throws {Error} If the payload is not a reader or valid buffer
                         * @throws {$protobuf.util.ProtocolError} If required fields are missing
                         */
                        Peer.decode = function (reader, length, _end, _depth, _target) {
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
                            message = _target || new $root.envoy.service.auth.v3.AttributeContext.Peer();
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
                                        message.address = $root.envoy.service.auth.v3.Address.decode(reader, reader.size(), $undefined, _depth + 1, message.address);
                                        continue;
                                    }
                                case 2: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.stringVerify()).length)
                                            message.service = value;
                                        else
                                            delete message.service;
                                        continue;
                                    }
                                case 3: {
                                        if (wireType !== 2)
                                            break;
                                        if (message.labels === $util.emptyObject)
                                            message.labels = {};
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
                                            $util.makeProp(message.labels, key);
                                        message.labels[key] = value;
                                        continue;
                                    }
                                case 4: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.stringVerify()).length)
                                            message.principal = value;
                                        else
                                            delete message.principal;
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

                        return Peer;
                    })();

                    AttributeContext.HttpRequest = (function() {

                        /**
                         * Properties of a HttpRequest.
                         * @typedef {Object} envoy.service.auth.v3.AttributeContext.HttpRequest.$Properties
                         * @property {string|null} [id] HttpRequest id
                         * @property {string|null} [method] HttpRequest method
                         * @property {Object.<string,string>|null} [headers] HttpRequest headers
                         * @property {string|null} [path] HttpRequest path
                         * @property {string|null} [host] HttpRequest host
                         * @property {string|null} [scheme] HttpRequest scheme
                         * @property {number|null} [size] HttpRequest size
                         * @property {string|null} [protocol] HttpRequest protocol
                         * @property {string|null} [body] HttpRequest body
                         * @property {Uint8Array|null} [rawBody] HttpRequest rawBody
                         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                         */

                        /**
                         * Properties of a HttpRequest.
                         * @memberof envoy.service.auth.v3.AttributeContext
                         * @interface IHttpRequest
                         * @augments envoy.service.auth.v3.AttributeContext.HttpRequest.$Properties
                         * @deprecated Use envoy.service.auth.v3.AttributeContext.HttpRequest.$Properties instead.
                         */

                        /**
                         * Shape of a HttpRequest.
                         * @typedef {envoy.service.auth.v3.AttributeContext.HttpRequest.$Properties} envoy.service.auth.v3.AttributeContext.HttpRequest.$Shape
                         */

                        /**
                         * Constructs a new HttpRequest.
                         * @memberof envoy.service.auth.v3.AttributeContext
                         * @classdesc Represents a HttpRequest.
                         * @constructor
                         * @param {envoy.service.auth.v3.AttributeContext.HttpRequest.$Properties=} [properties] Properties to set
                         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                         */
                        const HttpRequest = function (properties) {
                            this.headers = {};
                            if (properties)
                                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                        this[keys[i]] = properties[keys[i]];
                        };

                        /**
                         * HttpRequest id.
                         * @member {string} id
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.id = "";

                        /**
                         * HttpRequest method.
                         * @member {string} method
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.method = "";

                        /**
                         * HttpRequest headers.
                         * @member {Object.<string,string>} headers
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.headers = $util.emptyObject;

                        /**
                         * HttpRequest path.
                         * @member {string} path
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.path = "";

                        /**
                         * HttpRequest host.
                         * @member {string} host
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.host = "";

                        /**
                         * HttpRequest scheme.
                         * @member {string} scheme
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.scheme = "";

                        /**
                         * HttpRequest size.
                         * @member {number} size
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.size = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                        /**
                         * HttpRequest protocol.
                         * @member {string} protocol
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.protocol = "";

                        /**
                         * HttpRequest body.
                         * @member {string} body
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.body = "";

                        /**
                         * HttpRequest rawBody.
                         * @member {Uint8Array} rawBody
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @instance
                         */
                        HttpRequest.prototype.rawBody = $util.newBuffer([]);

                        /**
                         * Encodes the specified HttpRequest message. Does not implicitly {@link envoy.service.auth.v3.AttributeContext.HttpRequest.verify|verify} messages.
                         * @function encode
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @static
                         * @param {envoy.service.auth.v3.AttributeContext.HttpRequest.$Properties} message HttpRequest message or plain object to encode
                         * @param {$protobuf.Writer} [writer] Writer to encode to
                         * @returns {$protobuf.Writer} Writer
                         */
                        HttpRequest.encode = function (message, writer, _depth) {
                            if (!writer)
                                writer = $Writer.create();
                            if (_depth === $undefined)
                                _depth = 0;
                            if (_depth > $util.recursionLimit)
                                throw $Error("max depth exceeded");
                            if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                                writer.uint32(/* id 1, wireType 2 =*/10).string(message.id);
                            if (message.method != null && $Object.hasOwnProperty.call(message, "method") && message.method !== "")
                                writer.uint32(/* id 2, wireType 2 =*/18).string(message.method);
                            if (message.headers != null && $Object.hasOwnProperty.call(message, "headers"))
                                for (let keys = $Object.keys(message.headers), i = 0; i < keys.length; ++i)
                                    writer.uint32(/* id 3, wireType 2 =*/26).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 2 =*/18).string(message.headers[keys[i]]).ldelim();
                            if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                                writer.uint32(/* id 4, wireType 2 =*/34).string(message.path);
                            if (message.host != null && $Object.hasOwnProperty.call(message, "host") && message.host !== "")
                                writer.uint32(/* id 5, wireType 2 =*/42).string(message.host);
                            if (message.scheme != null && $Object.hasOwnProperty.call(message, "scheme") && message.scheme !== "")
                                writer.uint32(/* id 6, wireType 2 =*/50).string(message.scheme);
                            if (message.size != null && $Object.hasOwnProperty.call(message, "size") && (typeof message.size === "object" ? message.size.low || message.size.high : message.size !== 0))
                                writer.uint32(/* id 9, wireType 0 =*/72).int64(message.size);
                            if (message.protocol != null && $Object.hasOwnProperty.call(message, "protocol") && message.protocol !== "")
                                writer.uint32(/* id 10, wireType 2 =*/82).string(message.protocol);
                            if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body !== "")
                                writer.uint32(/* id 11, wireType 2 =*/90).string(message.body);
                            if (message.rawBody != null && $Object.hasOwnProperty.call(message, "rawBody") && message.rawBody.length)
                                writer.uint32(/* id 12, wireType 2 =*/98).bytes(message.rawBody);
                            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                                for (let i = 0; i < message.$unknowns.length; ++i)
                                    writer.raw(message.$unknowns[i]);
                            return writer;
                        };

                        /**
                         * Decodes a HttpRequest message from the specified reader or buffer.
                         * @function decode
                         * @memberof envoy.service.auth.v3.AttributeContext.HttpRequest
                         * @static
                         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                         * @param {number} [length] Message length if known beforehand
                         * @returns {envoy.service.auth.v3.AttributeContext.HttpRequest & envoy.service.auth.v3.AttributeContext.HttpRequest.$Shape} HttpRequest
                         * @throws {Error} If the payload is not a reader or valid buffer
                         * @throws {$protobuf.util.ProtocolError} If required fields are missing
                         */
                        HttpRequest.decode = function (reader, length, _end, _depth, _target) {
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
                            message = _target || new $root.envoy.service.auth.v3.AttributeContext.HttpRequest();
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
                                            message.id = value;
                                        else
                                            delete message.id;
                                        continue;
                                    }
                                case 2: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.stringVerify()).length)
                                            message.method = value;
                                        else
                                            delete message.method;
                                        continue;
                                    }
                                case 3: {
                                        if (wireType !== 2)
                                            break;
                                        if (message.headers === $util.emptyObject)
                                            message.headers = {};
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
                                            $util.makeProp(message.headers, key);
                                        message.headers[key] = value;
                                        continue;
                                    }
                                case 4: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.stringVerify()).length)
                                            message.path = value;
                                        else
                                            delete message.path;
                                        continue;
                                    }
                                case 5: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.stringVerify()).length)
                                            message.host = value;
                                        else
                                            delete message.host;
                                        continue;
                                    }
                                case 6: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.stringVerify()).length)
                                            message.scheme = value;
                                        else
                                            delete message.scheme;
                                        continue;
                                    }
                                case 9: {
                                        if (wireType !== 0)
                                            break;
                                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                            message.size = value;
                                        else
                                            delete message.size;
                                        continue;
                                    }
                                case 10: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.stringVerify()).length)
                                            message.protocol = value;
                                        else
                                            delete message.protocol;
                                        continue;
                                    }
                                case 11: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.stringVerify()).length)
                                            message.body = value;
                                        else
                                            delete message.body;
                                        continue;
                                    }
                                case 12: {
                                        if (wireType !== 2)
                                            break;
                                        if ((value = reader.bytes()).length)
                                            message.rawBody = value;
                                        else
                                            delete message.rawBody;
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

                        return HttpRequest;
                    })();

                    AttributeContext.Request = (function() {

                        /**
                         * Properties of a Request.
                         * @typedef {Object} envoy.service.auth.v3.AttributeContext.Request.$Properties
                         * @property {envoy.service.auth.v3.Timestamp.$Properties|null} [time] Request time
                         * @property {envoy.service.auth.v3.AttributeContext.HttpRequest.$Properties|null} [http] Request http
                         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                         */

                        /**
                         * Properties of a Request.
                         * @memberof envoy.service.auth.v3.AttributeContext
                         * @interface IRequest
                         * @augments envoy.service.auth.v3.AttributeContext.Request.$Properties
                         * @deprecated Use envoy.service.auth.v3.AttributeContext.Request.$Properties instead.
                         */

                        /**
                         * Shape of a Request.
                         * @typedef {envoy.service.auth.v3.AttributeContext.Request.$Properties} envoy.service.auth.v3.AttributeContext.Request.$Shape
                         */

                        /**
                         * Constructs a new Request.
                         * @memberof envoy.service.auth.v3.AttributeContext
                         * @classdesc Represents a Request.
                         * @constructor
                         * @param {envoy.service.auth.v3.AttributeContext.Request.$Properties=} [properties] Properties to set
                         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                         */
                        const Request = function (properties) {
                            if (properties)
                                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                        this[keys[i]] = properties[keys[i]];
                        };

                        /**
                         * Request time.
                         * @member {envoy.service.auth.v3.Timestamp.$Properties|null|undefined} time
                         * @memberof envoy.service.auth.v3.AttributeContext.Request
                         * @instance
                         */
                        Request.prototype.time = null;

                        /**
                         * Request http.
                         * @member {envoy.service.auth.v3.AttributeContext.HttpRequest.$Properties|null|undefined} http
                         * @memberof envoy.service.auth.v3.AttributeContext.Request
                         * @instance
                         */
                        Request.prototype.http = null;

                        /**
                         * Encodes the specified Request message. Does not implicitly {@link envoy.service.auth.v3.AttributeContext.Request.verify|verify} messages.
                         * @function encode
                         * @memberof envoy.service.auth.v3.AttributeContext.Request
                         * @static
                         * @param {envoy.service.auth.v3.AttributeContext.Request.$Properties} message Request message or plain object to encode
                         * @param {$protobuf.Writer} [writer] Writer to encode to
                         * @returns {$protobuf.Writer} Writer
                         */
                        Request.encode = function (message, writer, _depth) {
                            if (!writer)
                                writer = $Writer.create();
                            if (_depth === $undefined)
                                _depth = 0;
                            if (_depth > $util.recursionLimit)
                                throw $Error("max depth exceeded");
                            if (message.time != null && $Object.hasOwnProperty.call(message, "time"))
                                $root.envoy.service.auth.v3.Timestamp.encode(message.time, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                            if (message.http != null && $Object.hasOwnProperty.call(message, "http"))
                                $root.envoy.service.auth.v3.AttributeContext.HttpRequest.encode(message.http, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                                for (let i = 0; i < message.$unknowns.length; ++i)
                                    writer.raw(message.$unknowns[i]);
                            return writer;
                        };

                        /**
                         * Decodes a Request message from the specified reader or buffer.
                         * @function decode
                         * @memberof envoy.service.auth.v3.AttributeContext.Request
                         * @static
                         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                         * @param {number} [length] Message length if known beforehand
                         * @returns {envoy.service.auth.v3.AttributeContext.Request & envoy.service.auth.v3.AttributeContext.Request.$Shape} Request
                         * @throws {Error} If the payload is not a reader or valid buffer
                         * @throws {$protobuf.util.ProtocolError} If required fields are missing
                         */
                        Request.decode = function (reader, length, _end, _depth, _target) {
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
                            message = _target || new $root.envoy.service.auth.v3.AttributeContext.Request();
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
                                        message.time = $root.envoy.service.auth.v3.Timestamp.decode(reader, reader.size(), $undefined, _depth + 1, message.time);
                                        continue;
                                    }
                                case 2: {
                                        if (wireType !== 2)
                                            break;
                                        message.http = $root.envoy.service.auth.v3.AttributeContext.HttpRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.http);
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

                        return Request;
                    })();

                    return AttributeContext;
                })();

                v3.Address = (function() {

                    /**
                     * Properties of an Address.
                     * @typedef {Object} envoy.service.auth.v3.Address.$Properties
                     * @property {envoy.service.auth.v3.SocketAddress.$Properties|null} [socketAddress] Address socketAddress
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of an Address.
                     * @memberof envoy.service.auth.v3
                     * @interface IAddress
                     * @augments envoy.service.auth.v3.Address.$Properties
                     * @deprecated Use envoy.service.auth.v3.Address.$Properties instead.
                     */

                    /**
                     * Shape of an Address.
                     * @typedef {envoy.service.auth.v3.Address.$Properties} envoy.service.auth.v3.Address.$Shape
                     */

                    /**
                     * Constructs a new Address.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents an Address.
                     * @constructor
                     * @param {envoy.service.auth.v3.Address.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const Address = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * Address socketAddress.
                     * @member {envoy.service.auth.v3.SocketAddress.$Properties|null|undefined} socketAddress
                     * @memberof envoy.service.auth.v3.Address
                     * @instance
                     */
                    Address.prototype.socketAddress = null;

                    /**
                     * Encodes the specified Address message. Does not implicitly {@link envoy.service.auth.v3.Address.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.Address
                     * @static
                     * @param {envoy.service.auth.v3.Address.$Properties} message Address message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    Address.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.socketAddress != null && $Object.hasOwnProperty.call(message, "socketAddress"))
                            $root.envoy.service.auth.v3.SocketAddress.encode(message.socketAddress, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes an Address message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.Address
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.Address & envoy.service.auth.v3.Address.$Shape} Address
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    Address.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.Address();
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
                                    message.socketAddress = $root.envoy.service.auth.v3.SocketAddress.decode(reader, reader.size(), $undefined, _depth + 1, message.socketAddress);
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

                    return Address;
                })();

                v3.SocketAddress = (function() {

                    /**
                     * Properties of a SocketAddress.
                     * @typedef {Object} envoy.service.auth.v3.SocketAddress.$Properties
                     * @property {string|null} [address] SocketAddress address
                     * @property {number|null} [portValue] SocketAddress portValue
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a SocketAddress.
                     * @memberof envoy.service.auth.v3
                     * @interface ISocketAddress
                     * @augments envoy.service.auth.v3.SocketAddress.$Properties
                     * @deprecated Use envoy.service.auth.v3.SocketAddress.$Properties instead.
                     */

                    /**
                     * Shape of a SocketAddress.
                     * @typedef {envoy.service.auth.v3.SocketAddress.$Properties} envoy.service.auth.v3.SocketAddress.$Shape
                     */

                    /**
                     * Constructs a new SocketAddress.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a SocketAddress.
                     * @constructor
                     * @param {envoy.service.auth.v3.SocketAddress.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const SocketAddress = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * SocketAddress address.
                     * @member {string} address
                     * @memberof envoy.service.auth.v3.SocketAddress
                     * @instance
                     */
                    SocketAddress.prototype.address = "";

                    /**
                     * SocketAddress portValue.
                     * @member {number} portValue
                     * @memberof envoy.service.auth.v3.SocketAddress
                     * @instance
                     */
                    SocketAddress.prototype.portValue = 0;

                    /**
                     * Encodes the specified SocketAddress message. Does not implicitly {@link envoy.service.auth.v3.SocketAddress.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.SocketAddress
                     * @static
                     * @param {envoy.service.auth.v3.SocketAddress.$Properties} message SocketAddress message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    SocketAddress.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                            writer.uint32(/* id 2, wireType 2 =*/18).string(message.address);
                        if (message.portValue != null && $Object.hasOwnProperty.call(message, "portValue") && message.portValue !== 0)
                            writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.portValue);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a SocketAddress message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.SocketAddress
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.SocketAddress & envoy.service.auth.v3.SocketAddress.$Shape} SocketAddress
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    SocketAddress.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.SocketAddress();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    if ((value = reader.stringVerify()).length)
                                        message.address = value;
                                    else
                                        delete message.address;
                                    continue;
                                }
                            case 3: {
                                    if (wireType !== 0)
                                        break;
                                    if (value = reader.uint32())
                                        message.portValue = value;
                                    else
                                        delete message.portValue;
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

                    return SocketAddress;
                })();

                v3.Timestamp = (function() {

                    /**
                     * Properties of a Timestamp.
                     * @typedef {Object} envoy.service.auth.v3.Timestamp.$Properties
                     * @property {number|null} [seconds] Timestamp seconds
                     * @property {number|null} [nanos] Timestamp nanos
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a Timestamp.
                     * @memberof envoy.service.auth.v3
                     * @interface ITimestamp
                     * @augments envoy.service.auth.v3.Timestamp.$Properties
                     * @deprecated Use envoy.service.auth.v3.Timestamp.$Properties instead.
                     */

                    /**
                     * Shape of a Timestamp.
                     * @typedef {envoy.service.auth.v3.Timestamp.$Properties} envoy.service.auth.v3.Timestamp.$Shape
                     */

                    /**
                     * Constructs a new Timestamp.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a Timestamp.
                     * @constructor
                     * @param {envoy.service.auth.v3.Timestamp.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const Timestamp = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * Timestamp seconds.
                     * @member {number} seconds
                     * @memberof envoy.service.auth.v3.Timestamp
                     * @instance
                     */
                    Timestamp.prototype.seconds = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                    /**
                     * Timestamp nanos.
                     * @member {number} nanos
                     * @memberof envoy.service.auth.v3.Timestamp
                     * @instance
                     */
                    Timestamp.prototype.nanos = 0;

                    /**
                     * Encodes the specified Timestamp message. Does not implicitly {@link envoy.service.auth.v3.Timestamp.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.Timestamp
                     * @static
                     * @param {envoy.service.auth.v3.Timestamp.$Properties} message Timestamp message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    Timestamp.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.seconds != null && $Object.hasOwnProperty.call(message, "seconds") && (typeof message.seconds === "object" ? message.seconds.low || message.seconds.high : message.seconds !== 0))
                            writer.uint32(/* id 1, wireType 0 =*/8).int64(message.seconds);
                        if (message.nanos != null && $Object.hasOwnProperty.call(message, "nanos") && message.nanos !== 0)
                            writer.uint32(/* id 2, wireType 0 =*/16).int32(message.nanos);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a Timestamp message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.Timestamp
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.Timestamp & envoy.service.auth.v3.Timestamp.$Shape} Timestamp
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    Timestamp.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.Timestamp();
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
                                    if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                        message.seconds = value;
                                    else
                                        delete message.seconds;
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 0)
                                        break;
                                    if (value = reader.int32())
                                        message.nanos = value;
                                    else
                                        delete message.nanos;
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

                    return Timestamp;
                })();

                v3.CheckResponse = (function() {

                    /**
                     * Properties of a CheckResponse.
                     * @typedef {Object} envoy.service.auth.v3.CheckResponse.$Properties
                     * @property {envoy.service.auth.v3.Status.$Properties|null} [status] CheckResponse status
                     * @property {envoy.service.auth.v3.DeniedHttpResponse.$Properties|null} [deniedResponse] CheckResponse deniedResponse
                     * @property {envoy.service.auth.v3.OkHttpResponse.$Properties|null} [okResponse] CheckResponse okResponse
                     * @property {"deniedResponse"|"okResponse"} [httpResponse] CheckResponse httpResponse
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a CheckResponse.
                     * @memberof envoy.service.auth.v3
                     * @interface ICheckResponse
                     * @augments envoy.service.auth.v3.CheckResponse.$Properties
                     * @deprecated Use envoy.service.auth.v3.CheckResponse.$Properties instead.
                     */

                    /**
                     * Narrowed shape of a CheckResponse.
                     * @typedef {{
                     *   status?: envoy.service.auth.v3.Status.$Shape|null;
                     *   deniedResponse?: envoy.service.auth.v3.DeniedHttpResponse.$Shape|null;
                     *   okResponse?: envoy.service.auth.v3.OkHttpResponse.$Shape|null;
                     *   $unknowns?: Array.<Uint8Array>;
                     * } & (
                     *   ({ httpResponse?: undefined; deniedResponse?: null; okResponse?: null }|{ httpResponse?: "deniedResponse"; deniedResponse: envoy.service.auth.v3.DeniedHttpResponse.$Shape; okResponse?: null }|{ httpResponse?: "okResponse"; deniedResponse?: null; okResponse: envoy.service.auth.v3.OkHttpResponse.$Shape })
                     * )} envoy.service.auth.v3.CheckResponse.$Shape
                     */

                    /**
                     * Constructs a new CheckResponse.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a CheckResponse.
                     * @constructor
                     * @param {envoy.service.auth.v3.CheckResponse.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const CheckResponse = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * CheckResponse status.
                     * @member {envoy.service.auth.v3.Status.$Properties|null|undefined} status
                     * @memberof envoy.service.auth.v3.CheckResponse
                     * @instance
                     */
                    CheckResponse.prototype.status = null;

                    /**
                     * CheckResponse deniedResponse.
                     * @member {envoy.service.auth.v3.DeniedHttpResponse.$Properties|null|undefined} deniedResponse
                     * @memberof envoy.service.auth.v3.CheckResponse
                     * @instance
                     */
                    CheckResponse.prototype.deniedResponse = null;

                    /**
                     * CheckResponse okResponse.
                     * @member {envoy.service.auth.v3.OkHttpResponse.$Properties|null|undefined} okResponse
                     * @memberof envoy.service.auth.v3.CheckResponse
                     * @instance
                     */
                    CheckResponse.prototype.okResponse = null;

                    // OneOf field names bound to virtual getters and setters
                    let $oneOfFields;

                    /**
                     * CheckResponse httpResponse.
                     * @member {"deniedResponse"|"okResponse"|undefined} httpResponse
                     * @memberof envoy.service.auth.v3.CheckResponse
                     * @instance
                     */
                    $Object.defineProperty(CheckResponse.prototype, "httpResponse", {
                        get: $util.oneOfGetter($oneOfFields = ["deniedResponse", "okResponse"]),
                        set: $util.oneOfSetter($oneOfFields)
                    });

                    /**
                     * Encodes the specified CheckResponse message. Does not implicitly {@link envoy.service.auth.v3.CheckResponse.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.CheckResponse
                     * @static
                     * @param {envoy.service.auth.v3.CheckResponse.$Properties} message CheckResponse message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    CheckResponse.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
                            $root.envoy.service.auth.v3.Status.encode(message.status, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                        if (message.deniedResponse != null && $Object.hasOwnProperty.call(message, "deniedResponse"))
                            $root.envoy.service.auth.v3.DeniedHttpResponse.encode(message.deniedResponse, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                        if (message.okResponse != null && $Object.hasOwnProperty.call(message, "okResponse"))
                            $root.envoy.service.auth.v3.OkHttpResponse.encode(message.okResponse, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a CheckResponse message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.CheckResponse
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.CheckResponse & envoy.service.auth.v3.CheckResponse.$Shape} CheckResponse
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    CheckResponse.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.CheckResponse();
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
                                    message.status = $root.envoy.service.auth.v3.Status.decode(reader, reader.size(), $undefined, _depth + 1, message.status);
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    message.deniedResponse = $root.envoy.service.auth.v3.DeniedHttpResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.deniedResponse);
                                    message.httpResponse = "deniedResponse";
                                    continue;
                                }
                            case 3: {
                                    if (wireType !== 2)
                                        break;
                                    message.okResponse = $root.envoy.service.auth.v3.OkHttpResponse.decode(reader, reader.size(), $undefined, _depth + 1, message.okResponse);
                                    message.httpResponse = "okResponse";
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

                    return CheckResponse;
                })();

                v3.Status = (function() {

                    /**
                     * Properties of a Status.
                     * @typedef {Object} envoy.service.auth.v3.Status.$Properties
                     * @property {number|null} [code] Status code
                     * @property {string|null} [message] Status message
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a Status.
                     * @memberof envoy.service.auth.v3
                     * @interface IStatus
                     * @augments envoy.service.auth.v3.Status.$Properties
                     * @deprecated Use envoy.service.auth.v3.Status.$Properties instead.
                     */

                    /**
                     * Shape of a Status.
                     * @typedef {envoy.service.auth.v3.Status.$Properties} envoy.service.auth.v3.Status.$Shape
                     */

                    /**
                     * Constructs a new Status.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a Status.
                     * @constructor
                     * @param {envoy.service.auth.v3.Status.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const Status = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * Status code.
                     * @member {number} code
                     * @memberof envoy.service.auth.v3.Status
                     * @instance
                     */
                    Status.prototype.code = 0;

                    /**
                     * Status message.
                     * @member {string} message
                     * @memberof envoy.service.auth.v3.Status
                     * @instance
                     */
                    Status.prototype.message = "";

                    /**
                     * Encodes the specified Status message. Does not implicitly {@link envoy.service.auth.v3.Status.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.Status
                     * @static
                     * @param {envoy.service.auth.v3.Status.$Properties} message Status message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    Status.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                            writer.uint32(/* id 1, wireType 0 =*/8).int32(message.code);
                        if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message !== "")
                            writer.uint32(/* id 2, wireType 2 =*/18).string(message.message);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a Status message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.Status
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.Status & envoy.service.auth.v3.Status.$Shape} Status
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    Status.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.Status();
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
                                        message.code = value;
                                    else
                                        delete message.code;
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    if ((value = reader.stringVerify()).length)
                                        message.message = value;
                                    else
                                        delete message.message;
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

                    return Status;
                })();

                v3.DeniedHttpResponse = (function() {

                    /**
                     * Properties of a DeniedHttpResponse.
                     * @typedef {Object} envoy.service.auth.v3.DeniedHttpResponse.$Properties
                     * @property {envoy.service.auth.v3.HttpStatus.$Properties|null} [status] DeniedHttpResponse status
                     * @property {Array.<envoy.service.auth.v3.HeaderValueOption.$Properties>|null} [headers] DeniedHttpResponse headers
                     * @property {string|null} [body] DeniedHttpResponse body
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a DeniedHttpResponse.
                     * @memberof envoy.service.auth.v3
                     * @interface IDeniedHttpResponse
                     * @augments envoy.service.auth.v3.DeniedHttpResponse.$Properties
                     * @deprecated Use envoy.service.auth.v3.DeniedHttpResponse.$Properties instead.
                     */

                    /**
                     * Shape of a DeniedHttpResponse.
                     * @typedef {envoy.service.auth.v3.DeniedHttpResponse.$Properties} envoy.service.auth.v3.DeniedHttpResponse.$Shape
                     */

                    /**
                     * Constructs a new DeniedHttpResponse.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a DeniedHttpResponse.
                     * @constructor
                     * @param {envoy.service.auth.v3.DeniedHttpResponse.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const DeniedHttpResponse = function (properties) {
                        this.headers = [];
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * DeniedHttpResponse status.
                     * @member {envoy.service.auth.v3.HttpStatus.$Properties|null|undefined} status
                     * @memberof envoy.service.auth.v3.DeniedHttpResponse
                     * @instance
                     */
                    DeniedHttpResponse.prototype.status = null;

                    /**
                     * DeniedHttpResponse headers.
                     * @member {Array.<envoy.service.auth.v3.HeaderValueOption.$Properties>} headers
                     * @memberof envoy.service.auth.v3.DeniedHttpResponse
                     * @instance
                     */
                    DeniedHttpResponse.prototype.headers = $util.emptyArray;

                    /**
                     * DeniedHttpResponse body.
                     * @member {string} body
                     * @memberof envoy.service.auth.v3.DeniedHttpResponse
                     * @instance
                     */
                    DeniedHttpResponse.prototype.body = "";

                    /**
                     * Encodes the specified DeniedHttpResponse message. Does not implicitly {@link envoy.service.auth.v3.DeniedHttpResponse.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.DeniedHttpResponse
                     * @static
                     * @param {envoy.service.auth.v3.DeniedHttpResponse.$Properties} message DeniedHttpResponse message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    DeniedHttpResponse.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
                            $root.envoy.service.auth.v3.HttpStatus.encode(message.status, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                        if (message.headers != null && message.headers.length)
                            for (let i = 0; i < message.headers.length; ++i)
                                $root.envoy.service.auth.v3.HeaderValueOption.encode(message.headers[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                        if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body !== "")
                            writer.uint32(/* id 3, wireType 2 =*/26).string(message.body);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a DeniedHttpResponse message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.DeniedHttpResponse
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.DeniedHttpResponse & envoy.service.auth.v3.DeniedHttpResponse.$Shape} DeniedHttpResponse
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    DeniedHttpResponse.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.DeniedHttpResponse();
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
                                    message.status = $root.envoy.service.auth.v3.HttpStatus.decode(reader, reader.size(), $undefined, _depth + 1, message.status);
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    if (!(message.headers && message.headers.length))
                                        message.headers = [];
                                    message.headers.push($root.envoy.service.auth.v3.HeaderValueOption.decode(reader, reader.size(), $undefined, _depth + 1));
                                    continue;
                                }
                            case 3: {
                                    if (wireType !== 2)
                                        break;
                                    if ((value = reader.stringVerify()).length)
                                        message.body = value;
                                    else
                                        delete message.body;
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

                    return DeniedHttpResponse;
                })();

                v3.HttpStatus = (function() {

                    /**
                     * Properties of a HttpStatus.
                     * @typedef {Object} envoy.service.auth.v3.HttpStatus.$Properties
                     * @property {number|null} [code] HttpStatus code
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a HttpStatus.
                     * @memberof envoy.service.auth.v3
                     * @interface IHttpStatus
                     * @augments envoy.service.auth.v3.HttpStatus.$Properties
                     * @deprecated Use envoy.service.auth.v3.HttpStatus.$Properties instead.
                     */

                    /**
                     * Shape of a HttpStatus.
                     * @typedef {envoy.service.auth.v3.HttpStatus.$Properties} envoy.service.auth.v3.HttpStatus.$Shape
                     */

                    /**
                     * Constructs a new HttpStatus.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a HttpStatus.
                     * @constructor
                     * @param {envoy.service.auth.v3.HttpStatus.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const HttpStatus = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * HttpStatus code.
                     * @member {number} code
                     * @memberof envoy.service.auth.v3.HttpStatus
                     * @instance
                     */
                    HttpStatus.prototype.code = 0;

                    /**
                     * Encodes the specified HttpStatus message. Does not implicitly {@link envoy.service.auth.v3.HttpStatus.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.HttpStatus
                     * @static
                     * @param {envoy.service.auth.v3.HttpStatus.$Properties} message HttpStatus message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    HttpStatus.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                            writer.uint32(/* id 1, wireType 0 =*/8).int32(message.code);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a HttpStatus message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.HttpStatus
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.HttpStatus & envoy.service.auth.v3.HttpStatus.$Shape} HttpStatus
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    HttpStatus.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.HttpStatus();
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
                                        message.code = value;
                                    else
                                        delete message.code;
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

                    return HttpStatus;
                })();

                v3.OkHttpResponse = (function() {

                    /**
                     * Properties of an OkHttpResponse.
                     * @typedef {Object} envoy.service.auth.v3.OkHttpResponse.$Properties
                     * @property {Array.<envoy.service.auth.v3.HeaderValueOption.$Properties>|null} [headers] OkHttpResponse headers
                     * @property {Array.<string>|null} [headersToRemove] OkHttpResponse headersToRemove
                     * @property {Array.<envoy.service.auth.v3.HeaderValueOption.$Properties>|null} [responseHeadersToAdd] OkHttpResponse responseHeadersToAdd
                     * @property {Array.<envoy.service.auth.v3.QueryParameter.$Properties>|null} [queryParametersToSet] OkHttpResponse queryParametersToSet
                     * @property {Array.<string>|null} [queryParametersToRemove] OkHttpResponse queryParametersToRemove
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of an OkHttpResponse.
                     * @memberof envoy.service.auth.v3
                     * @interface IOkHttpResponse
                     * @augments envoy.service.auth.v3.OkHttpResponse.$Properties
                     * @deprecated Use envoy.service.auth.v3.OkHttpResponse.$Properties instead.
                     */

                    /**
                     * Shape of an OkHttpResponse.
                     * @typedef {envoy.service.auth.v3.OkHttpResponse.$Properties} envoy.service.auth.v3.OkHttpResponse.$Shape
                     */

                    /**
                     * Constructs a new OkHttpResponse.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents an OkHttpResponse.
                     * @constructor
                     * @param {envoy.service.auth.v3.OkHttpResponse.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const OkHttpResponse = function (properties) {
                        this.headers = [];
                        this.headersToRemove = [];
                        this.responseHeadersToAdd = [];
                        this.queryParametersToSet = [];
                        this.queryParametersToRemove = [];
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * OkHttpResponse headers.
                     * @member {Array.<envoy.service.auth.v3.HeaderValueOption.$Properties>} headers
                     * @memberof envoy.service.auth.v3.OkHttpResponse
                     * @instance
                     */
                    OkHttpResponse.prototype.headers = $util.emptyArray;

                    /**
                     * OkHttpResponse headersToRemove.
                     * @member {Array.<string>} headersToRemove
                     * @memberof envoy.service.auth.v3.OkHttpResponse
                     * @instance
                     */
                    OkHttpResponse.prototype.headersToRemove = $util.emptyArray;

                    /**
                     * OkHttpResponse responseHeadersToAdd.
                     * @member {Array.<envoy.service.auth.v3.HeaderValueOption.$Properties>} responseHeadersToAdd
                     * @memberof envoy.service.auth.v3.OkHttpResponse
                     * @instance
                     */
                    OkHttpResponse.prototype.responseHeadersToAdd = $util.emptyArray;

                    /**
                     * OkHttpResponse queryParametersToSet.
                     * @member {Array.<envoy.service.auth.v3.QueryParameter.$Properties>} queryParametersToSet
                     * @memberof envoy.service.auth.v3.OkHttpResponse
                     * @instance
                     */
                    OkHttpResponse.prototype.queryParametersToSet = $util.emptyArray;

                    /**
                     * OkHttpResponse queryParametersToRemove.
                     * @member {Array.<string>} queryParametersToRemove
                     * @memberof envoy.service.auth.v3.OkHttpResponse
                     * @instance
                     */
                    OkHttpResponse.prototype.queryParametersToRemove = $util.emptyArray;

                    /**
                     * Encodes the specified OkHttpResponse message. Does not implicitly {@link envoy.service.auth.v3.OkHttpResponse.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.OkHttpResponse
                     * @static
                     * @param {envoy.service.auth.v3.OkHttpResponse.$Properties} message OkHttpResponse message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    OkHttpResponse.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.headers != null && message.headers.length)
                            for (let i = 0; i < message.headers.length; ++i)
                                $root.envoy.service.auth.v3.HeaderValueOption.encode(message.headers[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                        if (message.headersToRemove != null && message.headersToRemove.length)
                            for (let i = 0; i < message.headersToRemove.length; ++i)
                                writer.uint32(/* id 5, wireType 2 =*/42).string(message.headersToRemove[i]);
                        if (message.responseHeadersToAdd != null && message.responseHeadersToAdd.length)
                            for (let i = 0; i < message.responseHeadersToAdd.length; ++i)
                                $root.envoy.service.auth.v3.HeaderValueOption.encode(message.responseHeadersToAdd[i], writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                        if (message.queryParametersToSet != null && message.queryParametersToSet.length)
                            for (let i = 0; i < message.queryParametersToSet.length; ++i)
                                $root.envoy.service.auth.v3.QueryParameter.encode(message.queryParametersToSet[i], writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                        if (message.queryParametersToRemove != null && message.queryParametersToRemove.length)
                            for (let i = 0; i < message.queryParametersToRemove.length; ++i)
                                writer.uint32(/* id 8, wireType 2 =*/66).string(message.queryParametersToRemove[i]);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes an OkHttpResponse message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.OkHttpResponse
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.OkHttpResponse & envoy.service.auth.v3.OkHttpResponse.$Shape} OkHttpResponse
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    OkHttpResponse.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.OkHttpResponse();
                        while (reader.pos < end) {
                            let start = reader.pos;
                            let tag = reader.tag();
                            if (tag === _end) {
                                _end = $undefined;
                                break;
                            }
                            let wireType = tag & 7;
                            switch (tag >>>= 3) {
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    if (!(message.headers && message.headers.length))
                                        message.headers = [];
                                    message.headers.push($root.envoy.service.auth.v3.HeaderValueOption.decode(reader, reader.size(), $undefined, _depth + 1));
                                    continue;
                                }
                            case 5: {
                                    if (wireType !== 2)
                                        break;
                                    if (!(message.headersToRemove && message.headersToRemove.length))
                                        message.headersToRemove = [];
                                    message.headersToRemove.push(reader.stringVerify());
                                    continue;
                                }
                            case 6: {
                                    if (wireType !== 2)
                                        break;
                                    if (!(message.responseHeadersToAdd && message.responseHeadersToAdd.length))
                                        message.responseHeadersToAdd = [];
                                    message.responseHeadersToAdd.push($root.envoy.service.auth.v3.HeaderValueOption.decode(reader, reader.size(), $undefined, _depth + 1));
                                    continue;
                                }
                            case 7: {
                                    if (wireType !== 2)
                                        break;
                                    if (!(message.queryParametersToSet && message.queryParametersToSet.length))
                                        message.queryParametersToSet = [];
                                    message.queryParametersToSet.push($root.envoy.service.auth.v3.QueryParameter.decode(reader, reader.size(), $undefined, _depth + 1));
                                    continue;
                                }
                            case 8: {
                                    if (wireType !== 2)
                                        break;
                                    if (!(message.queryParametersToRemove && message.queryParametersToRemove.length))
                                        message.queryParametersToRemove = [];
                                    message.queryParametersToRemove.push(reader.stringVerify());
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

                    return OkHttpResponse;
                })();

                v3.QueryParameter = (function() {

                    /**
                     * Properties of a QueryParameter.
                     * @typedef {Object} envoy.service.auth.v3.QueryParameter.$Properties
                     * @property {string|null} [key] QueryParameter key
                     * @property {string|null} [value] QueryParameter value
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a QueryParameter.
                     * @memberof envoy.service.auth.v3
                     * @interface IQueryParameter
                     * @augments envoy.service.auth.v3.QueryParameter.$Properties
                     * @deprecated Use envoy.service.auth.v3.QueryParameter.$Properties instead.
                     */

                    /**
                     * Shape of a QueryParameter.
                     * @typedef {envoy.service.auth.v3.QueryParameter.$Properties} envoy.service.auth.v3.QueryParameter.$Shape
                     */

                    /**
                     * Constructs a new QueryParameter.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a QueryParameter.
                     * @constructor
                     * @param {envoy.service.auth.v3.QueryParameter.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const QueryParameter = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * QueryParameter key.
                     * @member {string} key
                     * @memberof envoy.service.auth.v3.QueryParameter
                     * @instance
                     */
                    QueryParameter.prototype.key = "";

                    /**
                     * QueryParameter value.
                     * @member {string} value
                     * @memberof envoy.service.auth.v3.QueryParameter
                     * @instance
                     */
                    QueryParameter.prototype.value = "";

                    /**
                     * Encodes the specified QueryParameter message. Does not implicitly {@link envoy.service.auth.v3.QueryParameter.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.QueryParameter
                     * @static
                     * @param {envoy.service.auth.v3.QueryParameter.$Properties} message QueryParameter message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    QueryParameter.encode = function (message, writer, _depth) {
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
                     * Decodes a QueryParameter message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.QueryParameter
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.QueryParameter & envoy.service.auth.v3.QueryParameter.$Shape} QueryParameter
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    QueryParameter.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.QueryParameter();
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

                    return QueryParameter;
                })();

                v3.HeaderValueOption = (function() {

                    /**
                     * Properties of a HeaderValueOption.
                     * @typedef {Object} envoy.service.auth.v3.HeaderValueOption.$Properties
                     * @property {envoy.service.auth.v3.HeaderValue.$Properties|null} [header] HeaderValueOption header
                     * @property {envoy.service.auth.v3.BoolValue.$Properties|null} [append] HeaderValueOption append
                     * @property {number|null} [appendAction] HeaderValueOption appendAction
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a HeaderValueOption.
                     * @memberof envoy.service.auth.v3
                     * @interface IHeaderValueOption
                     * @augments envoy.service.auth.v3.HeaderValueOption.$Properties
                     * @deprecated Use envoy.service.auth.v3.HeaderValueOption.$Properties instead.
                     */

                    /**
                     * Shape of a HeaderValueOption.
                     * @typedef {envoy.service.auth.v3.HeaderValueOption.$Properties} envoy.service.auth.v3.HeaderValueOption.$Shape
                     */

                    /**
                     * Constructs a new HeaderValueOption.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a HeaderValueOption.
                     * @constructor
                     * @param {envoy.service.auth.v3.HeaderValueOption.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const HeaderValueOption = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * HeaderValueOption header.
                     * @member {envoy.service.auth.v3.HeaderValue.$Properties|null|undefined} header
                     * @memberof envoy.service.auth.v3.HeaderValueOption
                     * @instance
                     */
                    HeaderValueOption.prototype.header = null;

                    /**
                     * HeaderValueOption append.
                     * @member {envoy.service.auth.v3.BoolValue.$Properties|null|undefined} append
                     * @memberof envoy.service.auth.v3.HeaderValueOption
                     * @instance
                     */
                    HeaderValueOption.prototype.append = null;

                    /**
                     * HeaderValueOption appendAction.
                     * @member {number} appendAction
                     * @memberof envoy.service.auth.v3.HeaderValueOption
                     * @instance
                     */
                    HeaderValueOption.prototype.appendAction = 0;

                    /**
                     * Encodes the specified HeaderValueOption message. Does not implicitly {@link envoy.service.auth.v3.HeaderValueOption.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.HeaderValueOption
                     * @static
                     * @param {envoy.service.auth.v3.HeaderValueOption.$Properties} message HeaderValueOption message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    HeaderValueOption.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.header != null && $Object.hasOwnProperty.call(message, "header"))
                            $root.envoy.service.auth.v3.HeaderValue.encode(message.header, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                        if (message.append != null && $Object.hasOwnProperty.call(message, "append"))
                            $root.envoy.service.auth.v3.BoolValue.encode(message.append, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                        if (message.appendAction != null && $Object.hasOwnProperty.call(message, "appendAction") && message.appendAction !== 0)
                            writer.uint32(/* id 3, wireType 0 =*/24).int32(message.appendAction);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a HeaderValueOption message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.HeaderValueOption
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.HeaderValueOption & envoy.service.auth.v3.HeaderValueOption.$Shape} HeaderValueOption
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    HeaderValueOption.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.HeaderValueOption();
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
                                    message.header = $root.envoy.service.auth.v3.HeaderValue.decode(reader, reader.size(), $undefined, _depth + 1, message.header);
                                    continue;
                                }
                            case 2: {
                                    if (wireType !== 2)
                                        break;
                                    message.append = $root.envoy.service.auth.v3.BoolValue.decode(reader, reader.size(), $undefined, _depth + 1, message.append);
                                    continue;
                                }
                            case 3: {
                                    if (wireType !== 0)
                                        break;
                                    if (value = reader.int32())
                                        message.appendAction = value;
                                    else
                                        delete message.appendAction;
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

                    return HeaderValueOption;
                })();

                v3.HeaderValue = (function() {

                    /**
                     * Properties of a HeaderValue.
                     * @typedef {Object} envoy.service.auth.v3.HeaderValue.$Properties
                     * @property {string|null} [key] HeaderValue key
                     * @property {string|null} [value] HeaderValue value
                     * @property {Uint8Array|null} [rawValue] HeaderValue rawValue
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a HeaderValue.
                     * @memberof envoy.service.auth.v3
                     * @interface IHeaderValue
                     * @augments envoy.service.auth.v3.HeaderValue.$Properties
                     * @deprecated Use envoy.service.auth.v3.HeaderValue.$Properties instead.
                     */

                    /**
                     * Shape of a HeaderValue.
                     * @typedef {envoy.service.auth.v3.HeaderValue.$Properties} envoy.service.auth.v3.HeaderValue.$Shape
                     */

                    /**
                     * Constructs a new HeaderValue.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a HeaderValue.
                     * @constructor
                     * @param {envoy.service.auth.v3.HeaderValue.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const HeaderValue = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * HeaderValue key.
                     * @member {string} key
                     * @memberof envoy.service.auth.v3.HeaderValue
                     * @instance
                     */
                    HeaderValue.prototype.key = "";

                    /**
                     * HeaderValue value.
                     * @member {string} value
                     * @memberof envoy.service.auth.v3.HeaderValue
                     * @instance
                     */
                    HeaderValue.prototype.value = "";

                    /**
                     * HeaderValue rawValue.
                     * @member {Uint8Array} rawValue
                     * @memberof envoy.service.auth.v3.HeaderValue
                     * @instance
                     */
                    HeaderValue.prototype.rawValue = $util.newBuffer([]);

                    /**
                     * Encodes the specified HeaderValue message. Does not implicitly {@link envoy.service.auth.v3.HeaderValue.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.HeaderValue
                     * @static
                     * @param {envoy.service.auth.v3.HeaderValue.$Properties} message HeaderValue message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    HeaderValue.encode = function (message, writer, _depth) {
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
                        if (message.rawValue != null && $Object.hasOwnProperty.call(message, "rawValue") && message.rawValue.length)
                            writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.rawValue);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a HeaderValue message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.HeaderValue
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.HeaderValue & envoy.service.auth.v3.HeaderValue.$Shape} HeaderValue
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    HeaderValue.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.HeaderValue();
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
                            case 3: {
                                    if (wireType !== 2)
                                        break;
                                    if ((value = reader.bytes()).length)
                                        message.rawValue = value;
                                    else
                                        delete message.rawValue;
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

                    return HeaderValue;
                })();

                v3.BoolValue = (function() {

                    /**
                     * Properties of a BoolValue.
                     * @typedef {Object} envoy.service.auth.v3.BoolValue.$Properties
                     * @property {boolean|null} [value] BoolValue value
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */

                    /**
                     * Properties of a BoolValue.
                     * @memberof envoy.service.auth.v3
                     * @interface IBoolValue
                     * @augments envoy.service.auth.v3.BoolValue.$Properties
                     * @deprecated Use envoy.service.auth.v3.BoolValue.$Properties instead.
                     */

                    /**
                     * Shape of a BoolValue.
                     * @typedef {envoy.service.auth.v3.BoolValue.$Properties} envoy.service.auth.v3.BoolValue.$Shape
                     */

                    /**
                     * Constructs a new BoolValue.
                     * @memberof envoy.service.auth.v3
                     * @classdesc Represents a BoolValue.
                     * @constructor
                     * @param {envoy.service.auth.v3.BoolValue.$Properties=} [properties] Properties to set
                     * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
                     */
                    const BoolValue = function (properties) {
                        if (properties)
                            for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                                if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                    this[keys[i]] = properties[keys[i]];
                    };

                    /**
                     * BoolValue value.
                     * @member {boolean} value
                     * @memberof envoy.service.auth.v3.BoolValue
                     * @instance
                     */
                    BoolValue.prototype.value = false;

                    /**
                     * Encodes the specified BoolValue message. Does not implicitly {@link envoy.service.auth.v3.BoolValue.verify|verify} messages.
                     * @function encode
                     * @memberof envoy.service.auth.v3.BoolValue
                     * @static
                     * @param {envoy.service.auth.v3.BoolValue.$Properties} message BoolValue message or plain object to encode
                     * @param {$protobuf.Writer} [writer] Writer to encode to
                     * @returns {$protobuf.Writer} Writer
                     */
                    BoolValue.encode = function (message, writer, _depth) {
                        if (!writer)
                            writer = $Writer.create();
                        if (_depth === $undefined)
                            _depth = 0;
                        if (_depth > $util.recursionLimit)
                            throw $Error("max depth exceeded");
                        if (message.value != null && $Object.hasOwnProperty.call(message, "value") && message.value !== false)
                            writer.uint32(/* id 1, wireType 0 =*/8).bool(message.value);
                        if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                            for (let i = 0; i < message.$unknowns.length; ++i)
                                writer.raw(message.$unknowns[i]);
                        return writer;
                    };

                    /**
                     * Decodes a BoolValue message from the specified reader or buffer.
                     * @function decode
                     * @memberof envoy.service.auth.v3.BoolValue
                     * @static
                     * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
                     * @param {number} [length] Message length if known beforehand
                     * @returns {envoy.service.auth.v3.BoolValue & envoy.service.auth.v3.BoolValue.$Shape} BoolValue
                     * @throws {Error} If the payload is not a reader or valid buffer
                     * @throws {$protobuf.util.ProtocolError} If required fields are missing
                     */
                    BoolValue.decode = function (reader, length, _end, _depth, _target) {
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
                        message = _target || new $root.envoy.service.auth.v3.BoolValue();
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
                                    if (value = reader.bool())
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

                    return BoolValue;
                })();

                return v3;
            })();

            return auth;
        })();

        return service;
    })();

    return envoy;
})();

export {
  $root as default
};
