import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * Where weights go, until the next policy. Projection `autoresearch_reward_policies` (platform log).
 */
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class AutoresearchRewardPolicy {
    constructor(props?: Partial<AutoresearchRewardPolicy>) {
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
    mode!: string

    @JSONColumn_({nullable: false})
    targets!: unknown

    @StringColumn_({nullable: false})
    transitionStatus!: string

    @StringColumn_({nullable: false})
    origin!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    setAt!: bigint

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
