import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * Tool budget of a script for a claim at a validator, until it is closed. Projection `caster_sessions` (platform log).
 */
@Index_(["netuid", "validator", "sessionId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "sessionId"], {unique: false})
@Index_(["netuid", "batchId", "artifactId"], {unique: false})
@Index_(["netuid", "artifactId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterSession {
    constructor(props?: Partial<CasterSession>) {
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
    sessionId!: string

    @StringColumn_({nullable: false})
    batchId!: string

    @BytesColumn_({nullable: false})
    validator!: Uint8Array

    @StringColumn_({nullable: false})
    artifactId!: string

    @StringColumn_({nullable: false})
    claimId!: string

    /**
     * micro-USD
     */
    @BigIntColumn_({nullable: false})
    budgetMicroUsd!: bigint

    /**
     * micro-USD; null while it is open
     */
    @BigIntColumn_({nullable: true})
    usedMicroUsd!: bigint | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    openedAt!: bigint

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: true})
    closedAt!: bigint | undefined | null

    /**
     * why the row ended
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
