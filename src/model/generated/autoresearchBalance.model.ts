import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, BigIntColumn as BigIntColumn_, StringColumn as StringColumn_} from "@subsquid/typeorm-store"

/**
 * What was published for a hotkey and what of it was paid, as running totals. Projection `autoresearch_balances` (platform log).
 */
@Index_(["netuid", "hotkey", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchBalance {
    constructor(props?: Partial<AutoresearchBalance>) {
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

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @BigIntColumn_({nullable: false})
    published!: bigint

    @BigIntColumn_({nullable: false})
    paid!: bigint

    @BigIntColumn_({nullable: false})
    outstanding!: bigint

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
