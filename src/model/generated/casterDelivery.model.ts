import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * What became of a batch at a validator, until the next state. Projection `caster_batches` (platform log).
 */
@Index_(["netuid", "batchId", "validator", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validator"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterDelivery {
    constructor(props?: Partial<CasterDelivery>) {
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
    batchId!: string

    @BytesColumn_({nullable: false})
    validator!: Uint8Array

    /**
     * sent, accepted, completed, failed
     */
    @StringColumn_({nullable: false})
    status!: string

    @StringColumn_({nullable: true})
    baseUrl!: string | undefined | null

    @IntColumn_({nullable: true})
    attempt!: number | undefined | null

    @IntColumn_({nullable: true})
    results!: number | undefined | null

    @StringColumn_({nullable: true})
    resultsSha256!: string | undefined | null

    @StringColumn_({nullable: true})
    reason!: string | undefined | null

    @StringColumn_({nullable: true})
    detail!: string | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    changedAt!: bigint

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
