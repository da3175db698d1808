/**
 * A program that does nothing for ever, as the bytes of an executable for Linux: a container that only holds a network
 * namespace needs a process, and no image on the engine is certain to have one that sleeps.
 *
 * Layout (ELF-64, System V ABI, chapters 4 and 5; all numbers little-endian): header of 64 bytes, one program header of
 * 56 bytes, instructions. The whole file is mapped at BASE, readable and executable, and entered behind the headers.
 */

/** Architectures, in Docker's words, that the program exists for. */
type PauseArchitecture = 'amd64' | 'arm64';

const BASE = 0x400000n;
const HEADER_BYTES = 64;
const PROGRAM_HEADER_BYTES = 56;

const MACHINES: Readonly<Record<PauseArchitecture, { readonly elfNumber: number; readonly code: Buffer }>> = {
  // top: mov eax, 34 (pause); syscall; jmp top
  amd64: { elfNumber: 62, code: Buffer.from('b8220000000f05ebf7', 'hex') },
  arm64: {
    elfNumber: 183,
    // top: mov x0 … x4, 0; mov x8, 73 (ppoll, since arm64 has no pause); svc 0; b top
    code: words(
      ...[0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd2800004],
      ...[0xd2800928, 0xd4000001, 0x17fffff9],
    ),
  },
};

/** The executable for an architecture; undefined when there is none. Pure. */
export function pauseProgram(architecture: string): Buffer | undefined {
  if (architecture !== 'amd64' && architecture !== 'arm64') return undefined;
  const { elfNumber, code } = MACHINES[architecture];
  return Buffer.concat([header(elfNumber), programHeader(code.length), code]);
}

function header(machine: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  // Magic number, 64 bits, little-endian, version 1.
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  bytes.writeUInt16LE(2, 16); // an executable
  bytes.writeUInt16LE(machine, 18);
  bytes.writeUInt32LE(1, 20); // version
  bytes.writeBigUInt64LE(BASE + BigInt(HEADER_BYTES + PROGRAM_HEADER_BYTES), 24); // where it begins
  bytes.writeBigUInt64LE(BigInt(HEADER_BYTES), 32); // where the program headers are in the file
  bytes.writeUInt16LE(HEADER_BYTES, 52);
  bytes.writeUInt16LE(PROGRAM_HEADER_BYTES, 54);
  bytes.writeUInt16LE(1, 56); // number of program headers
  bytes.writeUInt16LE(64, 58); // size of a section header, of which there are none
  return bytes;
}

function programHeader(codeBytes: number): Buffer {
  const bytes = Buffer.alloc(PROGRAM_HEADER_BYTES);
  const size = BigInt(HEADER_BYTES + PROGRAM_HEADER_BYTES + codeBytes);
  bytes.writeUInt32LE(1, 0); // to be loaded
  bytes.writeUInt32LE(5, 4); // readable, executable
  bytes.writeBigUInt64LE(0n, 8); // from the start of the file
  bytes.writeBigUInt64LE(BASE, 16);
  bytes.writeBigUInt64LE(BASE, 24);
  bytes.writeBigUInt64LE(size, 32);
  bytes.writeBigUInt64LE(size, 40);
  bytes.writeBigUInt64LE(0x10000n, 48); // alignment: the largest pages of arm64
  return bytes;
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}
