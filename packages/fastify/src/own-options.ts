import type { RegisterOptions } from 'fastify'

/** The options of a plugin without those of `register`, which Fastify hands on. What they inherit stays inherited. */
export function ownOptions<Options extends object>(
  options: Options & RegisterOptions,
): Omit<Options, keyof RegisterOptions> {
  const { prefix: _prefix, logLevel: _level, logSerializers: _serializers, ...own } = options
  return Object.assign(Object.create(Object.getPrototypeOf(options)), own)
}
