import type { OperationLimits } from '../../src/admission/limits.js'

/** What one operation may have where nothing is set: the contract's figures. */
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
