import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A claim that went to the contract. Projection `autoresearch_payments` (platform log).
 */
@Index_(["netuid", "epoch"], {unique: false})
@Index_(["netuid", "hotkey"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchPayment {
    constructor(props?: Partial<AutoresearchPayment>) {
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

    @IntColumn_({nullable: false})
    epoch!: number

    @IntColumn_({nullable: false})
    leafIndex!: number

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @StringColumn_({nullable: false})
    recipient!: string

    @BigIntColumn_({nullable: false})
    cumulative!: bigint

    @BigIntColumn_({nullable: false})
    delta!: bigint

    /**
     * paid, reverted, proof_served
     */
    @StringColumn_({nullable: false})
    outcome!: string

    @StringColumn_({nullable: true})
    reason!: string | undefined | null

    @BytesColumn_({nullable: true})
    extrinsicHash!: Uint8Array | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    recordedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
