import type { OperationLimits } from '../../src/admission/limits.js'

/** The default limits of one operation, as the contract has them. */
export const OPERATION_LIMITS: OperationLimits = {
  maxTokens: 4_000,
  maxDepth: 12,
  maxAliases: 60,
  maxRootFields: 60,
  maxDirectives: 50,
  maxKeys: 100,
  maxUpstreamCalls: 200,
  maxAnswerBytes: 33_554_432,
  maxMetadataBytes: 16_384,
}
