"""What a person does with Bittensor's Python client, on a chain whose address and keys come as JSON in the first argument.

Prints one JSON object: what the client saw.
"""
import json
import sys
import tempfile

import bittensor
import bittensor_drand
from bittensor_wallet import Keypair, Wallet

given = json.loads(sys.argv[1])


def wallet(seeds):
    made = Wallet(name="devnet", hotkey="devnet", path=tempfile.mkdtemp())
    made.set_hotkey(Keypair.create_from_seed(seeds["hotkey"]), encrypt=False, overwrite=True)
    made.set_coldkey(Keypair.create_from_seed(seeds["coldkey"]), encrypt=False, overwrite=True)
    made.set_coldkeypub(Keypair.create_from_seed(seeds["coldkey"]), encrypt=False, overwrite=True)
    return made


def envelope(ciphertext, round_):
    """As the client passes timelocked bytes around: SCALE bytes, then the round."""
    size = len(ciphertext)
    return ((size << 2) | 1).to_bytes(2, "little") + ciphertext + round_.to_bytes(8, "little")


chain = bittensor.Subtensor(network=given["url"])
netuid = given["netuid"]
miner, validator = wallet(given["miner"]), wallet(given["validator"])
metagraph = chain.metagraph(netuid)
uid = chain.get_uid_for_hotkey_on_subnet(miner.hotkey.ss58_address, netuid)
validator_uid = chain.get_uid_for_hotkey_on_subnet(validator.hotkey.ss58_address, netuid)
seen = {
    "version": bittensor.__version__,
    "metagraph": {
        "n": int(metagraph.n),
        "hotkeys": list(metagraph.hotkeys),
        "coldkeys": list(metagraph.coldkeys),
        "permits": [bool(it) for it in metagraph.validator_permit],
        "stake": [float(it) for it in metagraph.S],
        "last_update": [int(it) for it in metagraph.last_update],
    },
    "neurons": [(it.uid, it.hotkey, it.validator_permit) for it in chain.neurons_lite(netuid)],
    "hyperparameters": {
        "tempo": chain.get_subnet_hyperparameters(netuid).tempo,
        "commit_reveal": chain.commit_reveal_enabled(netuid),
        "version_key": chain.get_subnet_hyperparameters(netuid).weights_version,
    },
    "subnet": {
        "owner": chain.subnet(netuid).owner_coldkey,
        "size": chain.get_subnet_info(netuid).subnetwork_n,
        "price": float(chain.get_subnet_price(netuid)),
    },
    "revealed": {k: list(v) for k, v in chain.get_all_revealed_commitments(given["revealing"]).items()},
}

committed = chain.set_commitment(miner, netuid, "from Python")
seen["commitment"] = {
    "success": committed.success,
    "read": chain.get_commitment(netuid, uid),
}
locked = chain.set_reveal_commitment(miner, netuid, "shown later", blocks_until_reveal=1)
seen["reveal_commitment"] = {"success": locked.success}
weights = chain.set_weights(validator, netuid, uids=[0, uid], weights=[0.25, 0.75])
seen["weights"] = {
    "success": weights.success,
    "read": [pairs for setter, pairs in chain.weights(netuid) if setter == validator_uid][0],
}
stranger = chain.set_weights(miner, netuid, uids=[0, validator_uid], weights=[0.5, 0.5])
seen["refused"] = {"success": stranger.success, "message": str(stranger.message) + str(stranger.error)}
staked = chain.add_stake(validator, netuid, validator.hotkey.ss58_address, bittensor.Balance.from_tao(7))
seen["stake"] = {
    "success": staked.success,
    "read": float(chain.get_stake(validator.coldkeypub.ss58_address, validator.hotkey.ss58_address, netuid)),
}
lock = given["lock"]
opened = bittensor_drand.decrypt_with_signature(envelope(bytes.fromhex(lock["bytes"]), lock["round"]), lock["signature"])
seen["opened"] = opened.decode()
ours, round_ = bittensor_drand.encrypt_at_round(b"locked in Python", 1000)
seen["locked"] = (ours if isinstance(ours, bytes) else bytes(ours))[2:-8].hex()
print("SEEN " + json.dumps(seen, default=str))
