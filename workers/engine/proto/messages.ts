import protobuf from 'protobufjs';

/**
 * The messages of BuildKit that we speak, with only the fields we use. The numbers are those of moby/buildkit's
 * api/services/control/control.proto and session/{auth,secrets,sshforward}/*.proto, of tonistiigi/fsutil's
 * types/{wire,stat}.proto, and of grpc/health/v1. Kept as text in a module, so that they are found from the sources and
 * from the compiled files alike.
 */
const DEFINITIONS = `
  syntax = "proto3";

  message Timestamp { int64 seconds = 1; int32 nanos = 2; }

  message StatusResponse {
    repeated Vertex vertexes = 1;
    repeated VertexStatus statuses = 2;
    repeated VertexLog logs = 3;
    repeated VertexWarning warnings = 4;
  }
  message Vertex {
    string digest = 1; string name = 3; bool cached = 4;
    Timestamp started = 5; Timestamp completed = 6; string error = 7;
  }
  message VertexStatus {
    string ID = 1; string vertex = 2; string name = 3; int64 current = 4; int64 total = 5;
    Timestamp timestamp = 6; Timestamp started = 7; Timestamp completed = 8;
  }
  message VertexLog { string vertex = 1; Timestamp timestamp = 2; int64 stream = 3; bytes msg = 4; }
  message VertexWarning { string vertex = 1; int64 level = 2; bytes short = 3; }

  message SolveRequest {
    string Ref = 1; string Exporter = 3; map<string, string> ExporterAttrs = 4; string Session = 5;
    string Frontend = 6; map<string, string> FrontendAttrs = 7; CacheOptions Cache = 8; repeated string Entitlements = 9;
  }
  message CacheOptions { repeated CacheOptionsEntry Exports = 4; }
  message CacheOptionsEntry { string Type = 1; map<string, string> Attrs = 2; }
  message SolveResponse { map<string, string> ExporterResponse = 1; }
  message StatusRequest { string Ref = 1; }

  message CredentialsRequest { string Host = 1; }
  message CredentialsResponse { string Username = 1; string Secret = 2; }

  message GetSecretRequest { string ID = 1; }
  message GetSecretResponse { bytes data = 1; }

  message CheckAgentRequest { string ID = 1; }
  message CheckAgentResponse { }

  message BytesMessage { bytes data = 1; }

  message Packet { int32 type = 1; Stat stat = 2; uint32 ID = 3; bytes data = 4; }
  message Stat {
    string path = 1; uint32 mode = 2; uint32 uid = 3; uint32 gid = 4; int64 size = 5; int64 modTime = 6;
    string linkname = 7;
  }

  message HealthCheckRequest { string service = 1; }
  message HealthCheckResponse { int32 status = 1; }
`;

const root = protobuf.parse(DEFINITIONS, { keepCase: true }).root;

/** How messages of one kind become bytes and back. Absent fields read as their zero value. */
export interface MessageCodec {
  encode(message: Readonly<Record<string, unknown>>): Buffer;
  /** Throws when the bytes are not such a message. */
  decode(bytes: Uint8Array): Record<string, unknown>;
}

/** The codec of a message defined above. Numbers of 64 bits become JavaScript numbers: ours are sizes and times. */
export function codec(name: string): MessageCodec {
  const type = root.lookupType(name);
  return {
    encode: (message) => bufferOf(type.encode(type.fromObject(message)).finish()),
    decode: (bytes) => type.toObject(type.decode(bytes), { longs: Number, arrays: true }),
  };
}

/** Files go through here: not copied. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
