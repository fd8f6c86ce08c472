import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A claim on a task while it is open. Projection `autoresearch_claims` (platform log).
 */
@Index_(["netuid", "claimId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "taskId"], {unique: false})
@Index_(["netuid", "hotkey"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchClaim {
    constructor(props?: Partial<AutoresearchClaim>) {
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
    claimId!: string

    @StringColumn_({nullable: false})
    taskId!: string

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @StringColumn_({nullable: false})
    description!: string

    @StringColumn_({nullable: true})
    baseSubmissionId!: string | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    openedAt!: bigint

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    expiresAt!: bigint

    /**
     * submitted, cancelled, expired
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
