import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_, JSONColumn as JSONColumn_} from "@subsquid/typeorm-store"

/**
 * A receipt. Projection `caster_sessions` (platform log).
 */
@Index_(["netuid", "sessionId"], {unique: false})
@Index_(["netuid", "batchId", "artifactId"], {unique: false})
@Index_(["netuid", "artifactId"], {unique: false})
@Index_(["netuid", "receiptId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterToolCall {
    constructor(props?: Partial<CasterToolCall>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @StringColumn_({nullable: false})
    receiptId!: string

    @StringColumn_({nullable: false})
    sessionId!: string

    @StringColumn_({nullable: false})
    batchId!: string

    @BytesColumn_({nullable: false})
    validator!: Uint8Array

    @StringColumn_({nullable: false})
    artifactId!: string

    @StringColumn_({nullable: false})
    claimId!: string

    @StringColumn_({nullable: false})
    tool!: string

    /**
     * ok, provider_error, budget_exceeded, timeout
     */
    @StringColumn_({nullable: false})
    outcome!: string

    @StringColumn_({nullable: false})
    requestHash!: string

    @StringColumn_({nullable: false})
    responseHash!: string

    /**
     * referenceable, log_only
     */
    @StringColumn_({nullable: false})
    resultPolicy!: string

    /**
     * micro-USD
     */
    @BigIntColumn_({nullable: false})
    costMicroUsd!: bigint

    @JSONColumn_({nullable: false})
    resultIds!: unknown

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    issuedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
